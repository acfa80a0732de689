/**
 * Smooth edges where multisampling is too dear (no graphics card: four samples cost three times the frame). The drawn
 * frame is copied and filtered along its edges, after T. Lottes, "FXAA" (NVIDIA, 2009), the two-tap console variant.
 */
import { FramebufferTexture, Mesh, NoBlending, OrthographicCamera, PlaneGeometry, Scene, ShaderMaterial, Vector2, type WebGLRenderer } from 'three';

export interface EdgeSmoothing {
  /** Filters what stands in the canvas now. */
  apply(renderer: WebGLRenderer): void;
  dispose(): void;
}

const fragmentShader = `
  uniform sampler2D frame;
  uniform vec2 pixel;
  varying vec2 vAt;
  float luma(vec4 c) { return dot(c.rgb, vec3(0.299, 0.587, 0.114)) + 0.25 * c.a; }
  void main() {
    vec4 centre = texture2D(frame, vAt);
    float m = luma(centre);
    float nw = luma(texture2D(frame, vAt + vec2(-1.0, 1.0) * pixel));
    float ne = luma(texture2D(frame, vAt + pixel));
    float sw = luma(texture2D(frame, vAt - pixel));
    float se = luma(texture2D(frame, vAt + vec2(1.0, -1.0) * pixel));
    float low = min(m, min(min(nw, ne), min(sw, se)));
    float high = max(m, max(max(nw, ne), max(sw, se)));
    gl_FragColor = centre;
    if (high - low < max(0.035, high * 0.11)) return;
    vec2 along = vec2(sw + se - nw - ne, nw + sw - ne - se);
    float reduce = max((nw + ne + sw + se) * 0.03125, 0.0078125);
    along = clamp(along / (min(abs(along.x), abs(along.y)) + reduce), -8.0, 8.0) * pixel;
    vec4 near = 0.5 * (texture2D(frame, vAt - along / 6.0) + texture2D(frame, vAt + along / 6.0));
    vec4 far = 0.5 * near + 0.25 * (texture2D(frame, vAt - along * 0.5) + texture2D(frame, vAt + along * 0.5));
    float f = luma(far);
    gl_FragColor = f < low || f > high ? near : far;
  }`;

export function createEdgeSmoothing(): EdgeSmoothing {
  const size = new Vector2();
  let frame: FramebufferTexture | null = null;
  const material = new ShaderMaterial({
    uniforms: { frame: { value: null }, pixel: { value: new Vector2() } },
    vertexShader: 'varying vec2 vAt; void main() { vAt = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }',
    fragmentShader,
    depthTest: false,
    depthWrite: false,
    blending: NoBlending,
    toneMapped: false,
  });
  const quad = new Mesh(new PlaneGeometry(2, 2), material);
  quad.frustumCulled = false;
  const scene = new Scene();
  scene.add(quad);
  const camera = new OrthographicCamera();
  const fit = (renderer: WebGLRenderer): FramebufferTexture => {
    renderer.getDrawingBufferSize(size);
    if (frame === null || frame.image.width !== size.x || frame.image.height !== size.y) {
      frame?.dispose();
      frame = new FramebufferTexture(size.x, size.y);
      material.uniforms['frame'] = { value: frame };
      material.uniforms['pixel'] = { value: new Vector2(1 / size.x, 1 / size.y) };
      material.uniformsNeedUpdate = true;
    }
    return frame;
  };
  return {
    apply(renderer) {
      renderer.copyFramebufferToTexture(fit(renderer));
      renderer.autoClear = false;
      renderer.render(scene, camera);
      renderer.autoClear = true;
    },
    dispose() {
      frame?.dispose();
      material.dispose();
      quad.geometry.dispose();
    },
  };
}

/** True where WebGL runs on the processor: the control loop needs that processor too. */
export function rendersInSoftware(gl: WebGLRenderingContext | WebGL2RenderingContext): boolean {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = info === null ? gl.getParameter(gl.RENDERER) : gl.getParameter(info.UNMASKED_RENDERER_WEBGL);
  return /swiftshader|llvmpipe|softpipe|basic render|software/i.test(String(name));
}
