/** What the parts are made of. Few materials, no shadow maps: this must run on a machine without a graphics card. */
import { Color, DoubleSide, MeshBasicMaterial, MeshStandardMaterial, NormalBlending, ShaderMaterial } from 'three';

export const palette = {
  shell: '#e3e8ec',
  shellDark: '#39444f',
  metal: '#98a3ad',
  graphite: '#20272e',
  fabric: '#242c35',
  strap: '#39434d',
  left: '#56b4e9',
  right: '#e69f00',
  permitted: '#52a189',
  softZone: '#c08a1f',
  track: '#2b3947',
  needle: '#ffffff',
  needleBed: '#0b1118',
  ghost: '#86e0bd',
  torque: '#5ad1c2',
  stale: '#66707a',
} as const;

export const shellMaterial = (): MeshStandardMaterial => new MeshStandardMaterial({ vertexColors: true, roughness: 0.42, metalness: 0.12 });

export const metalMaterial = (): MeshStandardMaterial => new MeshStandardMaterial({ vertexColors: true, roughness: 0.34, metalness: 0.78 });

/** Nothing that is stale may look alive: grey, see-through, no shine. */
export function setStale(material: MeshStandardMaterial, stale: boolean): void {
  if (material.transparent === stale) return;
  material.transparent = stale;
  material.opacity = stale ? 0.32 : 1;
  material.color.set(stale ? palette.stale : '#ffffff');
  material.needsUpdate = true;
}

/** The patient: glass-like, bright at the rim, so that the robot stays the subject and limbs are seen inside it. */
export function limbMaterial(color: string): ShaderMaterial {
  return new ShaderMaterial({
    uniforms: { tint: { value: new Color(color) }, strength: { value: 1 } },
    vertexShader: `
      attribute float fade;
      varying vec3 vNormal;
      varying vec3 vView;
      varying float vFade;
      void main() {
        vec4 place = modelViewMatrix * vec4(position, 1.0);
        vNormal = normalize(normalMatrix * normal);
        vView = normalize(-place.xyz);
        vFade = fade;
        gl_Position = projectionMatrix * place;
      }`,
    fragmentShader: `
      uniform vec3 tint;
      uniform float strength;
      varying vec3 vNormal;
      varying vec3 vView;
      varying float vFade;
      void main() {
        vec3 n = normalize(vNormal);
        float facing = abs(dot(n, normalize(vView)));
        float rim = pow(1.0 - facing, 1.6);
        float light = 0.55 + 0.45 * n.y + 0.25 * n.x;
        vec3 color = tint * (0.42 + 0.5 * light) + rim * 0.35;
        gl_FragColor = vec4(color, (0.26 + 0.62 * rim) * vFade * strength);
        #include <colorspace_fragment>
      }`,
    transparent: true,
    depthWrite: true,
  });
}

/** Marks over the scene (arcs, arrows, ghost): unlit, so that their colours mean the same as in cards and plots. */
export const markMaterial = (opacity: number): MeshBasicMaterial =>
  new MeshBasicMaterial({ vertexColors: true, transparent: true, opacity, depthWrite: false, side: DoubleSide, blending: NormalBlending, toneMapped: false });
