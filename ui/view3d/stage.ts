/** Light, floor and treadmill. The floor is one shader: a fading grid, and a belt whose marks move with the distance. */
import { CircleGeometry, Color, DirectionalLight, Group, HemisphereLight, Mesh, MeshBasicMaterial, PlaneGeometry, CanvasTexture, PMREMGenerator, Scene, ShaderMaterial, BackSide, SphereGeometry, type Texture, type WebGLRenderer } from 'three';
import { RoundedBoxGeometry } from 'three/examples/jsm/geometries/RoundedBoxGeometry.js';
import { at, merged, solid } from './geometry-kit.ts';
import { palette, shellMaterial } from './materials.ts';

export interface Stage {
  readonly group: Group;
  setDistance(distanceM: number): void;
  /** Soft contact shadows under both feet: x and height of each, left then right. */
  setFeet(left: { x: number; y: number }, right: { x: number; y: number }): void;
  setTheme(theme: 'dark' | 'light'): void;
}

const BELT_WIDTH_M = 0.72;
const BELT_LENGTH_M = 2.3;

/** A studio of three soft panels, rendered once into the reflections of metal and shell. */
export function studioLight(renderer: WebGLRenderer): Texture {
  const studio = new Scene();
  const sky = new ShaderMaterial({
    side: BackSide,
    vertexShader: 'varying vec3 vDirection; void main() { vDirection = normalize(position); gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }',
    fragmentShader: `
      varying vec3 vDirection;
      void main() {
        vec3 d = normalize(vDirection);
        float panel = smoothstep(0.78, 0.92, dot(d, normalize(vec3(0.5, 0.75, 0.5))));
        float rim = smoothstep(0.85, 0.97, dot(d, normalize(vec3(-0.8, 0.25, -0.5))));
        float side = smoothstep(0.86, 0.96, dot(d, normalize(vec3(0.1, 0.2, 1.0))));
        vec3 base = mix(vec3(0.05, 0.06, 0.07), vec3(0.42, 0.5, 0.58), smoothstep(-0.3, 1.0, d.y));
        gl_FragColor = vec4(base + 3.2 * panel + vec3(1.2, 1.7, 2.0) * rim + 0.9 * side, 1.0);
      }`,
  });
  const dome = new Mesh(new SphereGeometry(5, 24, 16), sky);
  studio.add(dome);
  const generator = new PMREMGenerator(renderer);
  const texture = generator.fromScene(studio, 0.03).texture;
  generator.dispose();
  dome.geometry.dispose();
  sky.dispose();
  return texture;
}

/** @param brighter where no reflections add to it */
export function lights(brighter: boolean): Group {
  const group = new Group();
  group.add(new HemisphereLight('#dcecff', '#2a333d', brighter ? 1.5 : 0.7));
  const key = new DirectionalLight('#fff6ea', 1.9);
  key.position.set(2.2, 3.2, 2.4);
  const rim = new DirectionalLight('#8fd4ff', 1.3);
  rim.position.set(-2.6, 1.8, -2.2);
  group.add(key, rim);
  return group;
}

const floorFragment = `
  varying vec2 vPlace;
  uniform float travelled;
  uniform float belted;
  uniform vec3 lineColor;
  uniform vec3 beltColor;
  uniform vec3 markColor;
  float lines(vec2 place, float spacing) {
    vec2 cell = abs(fract(place / spacing - 0.5) - 0.5) * spacing;
    vec2 width = fwidth(place) * 1.2;
    vec2 line = 1.0 - smoothstep(vec2(0.0), width, cell);
    return max(line.x, line.y);
  }
  void main() {
    float reach = length(vPlace * vec2(0.62, 0.8));
    float fade = 1.0 - smoothstep(0.25, 1.3, reach);
    float grid = lines(vPlace, 0.25) * 0.42;
    vec2 edge = vec2(${(BELT_LENGTH_M / 2).toFixed(3)}, ${(BELT_WIDTH_M / 2).toFixed(3)}) - abs(vPlace);
    float belt = belted * step(0.0, edge.x) * step(0.0, edge.y);
    float along = vPlace.x + travelled;
    float mark = smoothstep(0.012 + fwidth(along), 0.012, abs(fract(along / 0.25 - 0.5) - 0.5) * 0.25);
    vec3 color = mix(lineColor, mix(beltColor, markColor, mark * 0.55), belt);
    float alpha = mix(grid * fade, 0.94 * (1.0 - smoothstep(0.7, 1.0, abs(vPlace.x) / ${(BELT_LENGTH_M / 2).toFixed(3)})), belt);
    gl_FragColor = vec4(color, alpha);
    #include <colorspace_fragment>
  }`;

function floorMaterial(walked: boolean): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    uniforms: { travelled: { value: 0 }, belted: { value: walked ? 1 : 0 }, lineColor: { value: new Color('#41556a') }, beltColor: { value: new Color('#161d25') }, markColor: { value: new Color('#2c3a48') } },
    vertexShader: 'varying vec2 vPlace; void main() { vec4 place = modelMatrix * vec4(position, 1.0); vPlace = place.xz; gl_Position = projectionMatrix * viewMatrix * place; }',
    fragmentShader: floorFragment,
  });
}

function softDisc(): CanvasTexture {
  const canvas = document.createElement('canvas');
  canvas.width = 64;
  canvas.height = 64;
  const context = canvas.getContext('2d');
  if (context !== null) {
    const gradient = context.createRadialGradient(32, 32, 2, 32, 32, 31);
    gradient.addColorStop(0, 'rgba(0,0,0,0.75)');
    gradient.addColorStop(0.5, 'rgba(0,0,0,0.38)');
    gradient.addColorStop(1, 'rgba(0,0,0,0)');
    context.fillStyle = gradient;
    context.fillRect(0, 0, 64, 64);
  }
  return new CanvasTexture(canvas);
}

function contactShadow(texture: CanvasTexture, z: number): Mesh<PlaneGeometry, MeshBasicMaterial> {
  const material = new MeshBasicMaterial({ map: texture, transparent: true, depthWrite: false, toneMapped: false });
  const shadow = new Mesh(new PlaneGeometry(0.42, 0.2).rotateX(-Math.PI / 2), material);
  shadow.position.set(0, 0.004, z);
  shadow.renderOrder = 1;
  return shadow;
}

/** @param walked there is a belt, with feet on it */
export function createStage(hipSpacingM: number, walked: boolean): Stage {
  const group = new Group();
  const material = floorMaterial(walked);
  const floor = new Mesh(new CircleGeometry(1, 40).scale(2.1, 1.65, 1).rotateX(-Math.PI / 2), material);
  const rails = [1, -1].flatMap((out) => [
    solid(new RoundedBoxGeometry(BELT_LENGTH_M * 0.86, 0.05, 0.07, 1, 0.012), palette.graphite, at(0, -0.008, out * (BELT_WIDTH_M / 2 + 0.035))),
    solid(new RoundedBoxGeometry(BELT_LENGTH_M * 0.8, 0.006, 0.05, 1, 0.002), '#46535f', at(0, 0.018, out * (BELT_WIDTH_M / 2 + 0.035))),
  ]);
  const railMaterial = shellMaterial();
  const texture = softDisc();
  const shadows = [contactShadow(texture, -hipSpacingM / 2), contactShadow(texture, hipSpacingM / 2)] as const;
  group.add(floor);
  if (walked) group.add(new Mesh(merged(rails), railMaterial), ...shadows);
  const place = (shadow: (typeof shadows)[number], foot: { x: number; y: number }): void => {
    shadow.position.x = foot.x + 0.05;
    shadow.material.opacity = Math.max(0, 1 - foot.y * 4);
  };
  return {
    group,
    setDistance(distanceM) {
      if (walked) material.uniforms['travelled'] = { value: distanceM % 0.25 };
    },
    setFeet(left, right) {
      place(shadows[0], left);
      place(shadows[1], right);
    },
    setTheme(theme) {
      const light = theme === 'light';
      material.uniforms['lineColor'] = { value: new Color(light ? '#9db0c2' : '#41556a') };
      material.uniforms['beltColor'] = { value: new Color(light ? '#c3ced8' : '#161d25') };
      material.uniforms['markColor'] = { value: new Color(light ? '#93a3b3' : '#2c3a48') };
    },
  };
}
