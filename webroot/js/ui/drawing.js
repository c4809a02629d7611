/**
 * A canvas that is drawn anew, once a frame at the most, when it is asked to and when its size or the colours
 * of the page change.
 */
export class Drawing {
  #canvas;
  #draw;
  #pending = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import('../scope.js').Scope} scope of whoever owns it
   * @param {(paint: CanvasRenderingContext2D, size: {width: number, height: number, ratio: number}, colours:
   *     CSSStyleDeclaration) => void} draw on an empty canvas; `width` and `height` in pixels of the screen, of
   *     which `ratio` make one of CSS
   */
  constructor(canvas, scope, draw) {
    this.#canvas = canvas;
    this.#draw = draw;
    const observer = new ResizeObserver(() => this.soon());
    observer.observe(canvas);
    scope.defer(() => observer.disconnect());
    scope.on(document, 'themechange', () => this.soon());
    scope.on(matchMedia('(prefers-color-scheme: dark)'), 'change', () => this.soon());
  }

  soon() {
    this.#pending ||= requestAnimationFrame(() => {
      this.#pending = 0;
      this.#now();
    });
  }

  #now() {
    const canvas = this.#canvas;
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    if (width === 0 || height === 0) return;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const paint = canvas.getContext('2d');
    paint.clearRect(0, 0, width, height);
    this.#draw(paint, { width, height, ratio }, getComputedStyle(canvas));
  }
}
