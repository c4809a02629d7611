/**
 * A pier in the evening, a lighthouse keeper and a gull. Knows nothing of voices: it is told how far each
 * mouth is open.
 */
export class Scene {
  /** How far the mouths are open, 0 to 1. */
  mouths = { keeper: 0, gull: 0 };
  /** Who speaks, leans towards the other. */
  speaking = '';
  #canvas;
  #context;
  #colours = {};
  #width = 0;
  #height = 0;
  #unit = 0;
  #lean = { keeper: 0, gull: 0 };

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
    new ResizeObserver(() => this.#measure()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#readColours());
    this.#readColours();
    this.#measure();
  }

  /** Who stands at a place of the page. */
  whoIsAt(x) {
    return x < this.#width / 2 ? 'keeper' : 'gull';
  }

  /** Where bubbles hang: above the heads, px from the left and from the top. */
  headOf(who) {
    const [x, top] = who === 'keeper' ? [this.#keeperX, 3.05] : [this.#gullX - this.#unit * 0.3, 2.68];
    return { x, y: this.#ground - this.#unit * top };
  }

  get #keeperX() {
    return this.#width * (this.#width < 620 ? 0.25 : 0.29);
  }

  get #gullX() {
    return this.#width * (this.#width < 620 ? 0.76 : 0.71);
  }

  get #ground() {
    return this.#height * 0.86;
  }

  /** @param {number} seconds of the scene's own time; the same again where nothing should move */
  draw(seconds) {
    if (this.#width === 0) return;
    for (const who of ['keeper', 'gull']) {
      const wish = this.speaking === who && seconds > 0 ? 1 : 0;
      this.#lean[who] += (wish - this.#lean[who]) * 0.08;
    }
    this.#sky();
    this.#sea(seconds);
    this.#pier();
    const u = this.#unit;
    this.#at(this.#keeperX, this.#ground, u, () => this.#keeper(seconds));
    this.#at(this.#gullX, this.#ground, u, () => this.#gull(seconds));
  }

  #measure() {
    const { clientWidth, clientHeight } = this.#canvas;
    const scale = Math.min(2, devicePixelRatio);
    this.#width = clientWidth;
    this.#height = clientHeight;
    this.#canvas.width = clientWidth * scale;
    this.#canvas.height = clientHeight * scale;
    this.#context.setTransform(scale, 0, 0, scale, 0, 0);
    this.#unit = Math.min(clientWidth / 5.2, clientHeight / 6);
  }

  #readColours() {
    const style = getComputedStyle(document.documentElement);
    for (const name of ['sky-high', 'sky-low', 'sun', 'far', 'sea', 'sea-light', 'tower', 'tower-band', 'plank', 'plank-edge', 'coat', 'coat-dark', 'skin', 'beard', 'feather', 'wing', 'beak', 'beak-dark', 'line-ink', 'mouth']) {
      this.#colours[name] = style.getPropertyValue(`--${name}`).trim();
    }
  }

  #at(x, y, scale, paint) {
    const c = this.#context;
    c.save();
    c.translate(x, y);
    c.scale(scale, scale);
    paint();
    c.restore();
  }

  #fill(colour, path) {
    const c = this.#context;
    c.fillStyle = this.#colours[colour];
    c.beginPath();
    path(c);
    c.fill();
  }

  #stroke(colour, width, path) {
    const c = this.#context;
    c.strokeStyle = this.#colours[colour];
    c.lineWidth = width;
    c.lineCap = 'round';
    c.lineJoin = 'round';
    c.beginPath();
    path(c);
    c.stroke();
  }

  #sky() {
    const c = this.#context;
    const sky = c.createLinearGradient(0, 0, 0, this.#height * 0.66);
    sky.addColorStop(0, this.#colours['sky-high']);
    sky.addColorStop(1, this.#colours['sky-low']);
    c.fillStyle = sky;
    c.fillRect(0, 0, this.#width, this.#height);
    const u = this.#unit;
    const horizon = this.#height * 0.62;
    this.#fill('sun', (p) => p.arc(this.#width * 0.62, horizon - u * 0.35, u * 0.62, 0, 7));
    this.#fill('far', (p) => {
      p.moveTo(0, horizon);
      p.bezierCurveTo(this.#width * 0.12, horizon - u * 0.9, this.#width * 0.3, horizon - u * 0.5, this.#width * 0.42, horizon);
      p.closePath();
    });
    this.#at(this.#width * 0.13, horizon - u * 0.45, u * 0.9, () => {
      this.#fill('tower', (p) => p.roundRect(-0.17, -1.35, 0.34, 1.4, 0.03));
      this.#fill('tower-band', (p) => {
        p.rect(-0.17, -1, 0.34, 0.24);
        p.rect(-0.17, -0.5, 0.34, 0.24);
        p.moveTo(-0.2, -1.5);
        p.lineTo(0, -1.74);
        p.lineTo(0.2, -1.5);
      });
      this.#fill('sun', (p) => p.rect(-0.11, -1.5, 0.22, 0.17));
    });
  }

  #sea(seconds) {
    const horizon = this.#height * 0.62;
    const u = this.#unit;
    this.#fill('sea', (p) => p.rect(0, horizon, this.#width, this.#height));
    this.#stroke('sea-light', Math.max(2, u * 0.035), (p) => {
      for (let row = 0; row < 4; row++) {
        const y = horizon + u * (0.16 + row * 0.26 + row * row * 0.03);
        const drift = seconds * (8 + row * 5) + row * 71;
        for (let x = -((drift + row * 40) % (u * 1.9)); x < this.#width; x += u * 1.9) {
          p.moveTo(x, y);
          p.quadraticCurveTo(x + u * 0.22, y - u * 0.07, x + u * 0.45, y);
        }
      }
    });
  }

  #pier() {
    const u = this.#unit;
    const top = this.#ground - u * 0.06;
    this.#fill('plank', (p) => p.rect(0, top, this.#width, this.#height - top));
    this.#fill('plank-edge', (p) => p.rect(0, top, this.#width, u * 0.09));
    this.#stroke('plank-edge', Math.max(1.5, u * 0.02), (p) => {
      for (let x = u * 0.3; x < this.#width; x += u * 0.62) {
        p.moveTo(x, top);
        p.lineTo(x - (this.#width / 2 - x) * 0.14, this.#height);
      }
    });
  }

  #keeper(seconds) {
    const open = this.mouths.keeper;
    const c = this.#context;
    c.rotate(0.06 * this.#lean.keeper);
    const breath = Math.sin(seconds * 1.7) * 0.012;
    this.#fill('line-ink', (p) => {
      p.roundRect(-0.42, -0.16, 0.36, 0.18, 0.07);
      p.roundRect(0.08, -0.16, 0.36, 0.18, 0.07);
    });
    this.#fill('coat', (p) => {
      p.moveTo(-0.66, -0.1);
      p.bezierCurveTo(-0.72, -1.1, -0.55, -1.62 - breath, 0, -1.66 - breath);
      p.bezierCurveTo(0.55, -1.62 - breath, 0.72, -1.1, 0.66, -0.1);
      p.closePath();
    });
    this.#stroke('coat-dark', 0.045, (p) => {
      p.moveTo(0.04, -1.2);
      p.lineTo(0.04, -0.14);
      p.moveTo(-0.5, -1.12);
      p.quadraticCurveTo(-0.56, -0.8, -0.32, -0.68);
      p.moveTo(0.5, -1.12);
      p.quadraticCurveTo(0.62, -0.84, 0.42, -0.66 - this.#lean.keeper * 0.2);
    });
    this.#fill('skin', (p) => p.arc(0.44, -0.62 - this.#lean.keeper * 0.2, 0.11, 0, 7));
    this.#fill('skin', (p) => p.arc(-0.3, -0.64, 0.11, 0, 7));
    for (const y of [-0.95, -0.65, -0.35]) this.#fill('coat-dark', (p) => p.arc(0.15, y, 0.045, 0, 7));
    // Head, beard, hat; the mouth pushes the beard down.
    c.translate(0, -breath * 2);
    this.#fill('skin', (p) => p.arc(0.03, -1.98, 0.46, 0, 7));
    this.#fill('beard', (p) => {
      p.moveTo(-0.46, -2.02);
      p.bezierCurveTo(-0.52, -1.4, -0.2, -1.28 + open * 0.16, 0.06, -1.28 + open * 0.16);
      p.bezierCurveTo(0.34, -1.28 + open * 0.16, 0.56, -1.5, 0.5, -2.02);
      p.bezierCurveTo(0.44, -1.82, 0.3, -1.88, 0.07, -1.86);
      p.bezierCurveTo(-0.16, -1.88, -0.36, -1.82, -0.46, -2.02);
    });
    this.#fill('mouth', (p) => p.ellipse(0.09, -1.66 + open * 0.05, 0.12 + open * 0.03, 0.016 + open * 0.13, 0, 0, 7));
    this.#fill('skin', (p) => p.ellipse(0.13, -1.88, 0.11, 0.085, 0, 0, 7));
    this.#eyes(seconds, 0.3, [-0.08, -1.985], [0.3, -1.985]);
    this.#fill('coat-dark', (p) => p.ellipse(0.02, -2.2, 0.7, 0.13, -0.05, 0, 7));
    this.#fill('coat', (p) => {
      p.moveTo(-0.47, -2.22);
      p.bezierCurveTo(-0.42, -2.86, 0.44, -2.9, 0.5, -2.24);
      p.quadraticCurveTo(0, -2.1, -0.47, -2.22);
    });
  }

  #gull(seconds) {
    const open = this.mouths.gull;
    const c = this.#context;
    c.scale(-1, 1); // looks to the left
    c.rotate(0.08 * this.#lean.gull);
    const bob = Math.sin(seconds * 2.3 + 1) * 0.02;
    // A bollard to stand on.
    this.#fill('plank-edge', (p) => p.roundRect(-0.36, -0.72, 0.72, 0.76, 0.06));
    this.#fill('plank', (p) => p.ellipse(0, -0.72, 0.36, 0.1, 0, 0, 7));
    this.#stroke('beak-dark', 0.055, (p) => {
      for (const x of [-0.1, 0.13]) {
        p.moveTo(x, -1);
        p.lineTo(x, -0.72);
        p.lineTo(x + 0.13, -0.7);
      }
    });
    c.translate(0, bob);
    this.#fill('feather', (p) => {
      p.moveTo(-0.95, -1.22);
      p.bezierCurveTo(-0.6, -1.3, -0.45, -1.75, 0.1, -1.8);
      p.bezierCurveTo(0.62, -1.82, 0.66, -1.2, 0.34, -0.98);
      p.bezierCurveTo(0.05, -0.82, -0.4, -0.9, -0.95, -1.22);
    });
    this.#fill('wing', (p) => {
      p.moveTo(-1.12, -1.2);
      p.bezierCurveTo(-0.6, -1.5, -0.2, -1.62, 0.16, -1.5 - this.#lean.gull * 0.06);
      p.bezierCurveTo(0.1, -1.14, -0.3, -1, -1.12, -1.2);
    });
    this.#fill('feather', (p) => {
      p.arc(0.32, -2.08, 0.36, 0, 7);
      p.moveTo(-0.02, -1.7);
      p.quadraticCurveTo(0, -1.9, 0.02, -2.2);
      p.lineTo(0.6, -1.95);
      p.quadraticCurveTo(0.6, -1.7, 0.5, -1.4);
    });
    // The beak opens both ways, the lower half more.
    c.save();
    c.translate(0.62, -2.03);
    this.#fill('mouth', (p) => {
      p.moveTo(-0.02, -0.05);
      p.lineTo(0.34, -0.02 - open * 0.06);
      p.lineTo(0.3, 0.06 + open * 0.22);
      p.lineTo(-0.04, 0.08);
    });
    c.save();
    c.rotate(open * 0.5);
    this.#fill('beak-dark', (p) => {
      p.moveTo(-0.06, 0.02);
      p.lineTo(0.36, 0.03);
      p.quadraticCurveTo(0.2, 0.14, -0.06, 0.12);
    });
    c.restore();
    c.rotate(-open * 0.2);
    this.#fill('beak', (p) => {
      p.moveTo(-0.06, -0.12);
      p.quadraticCurveTo(0.3, -0.13, 0.47, 0.07);
      p.quadraticCurveTo(0.2, 0.03, -0.06, 0.04);
    });
    c.restore();
    this.#eyes(seconds + 2, 1, [0.42, -2.17]);
  }

  #eyes(seconds, every, ...places) {
    const shut = seconds > 0 && (seconds * every) % 4.1 < 0.12 * every;
    for (const [x, y] of places) {
      if (shut) this.#stroke('line-ink', 0.03, (p) => (p.moveTo(x - 0.06, y), p.lineTo(x + 0.06, y)));
      else this.#fill('line-ink', (p) => p.arc(x, y, 0.058, 0, 7));
    }
  }
}
