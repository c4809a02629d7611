import { outline } from '../audio/pcm.js';
import { i18n } from '../i18n.js';
import { Drawing } from './drawing.js';
import { VbElement, h } from './element.js';

/** A shorter stretch was a click. */
const SHORTEST_MS = 80;
const STEPS_MS = { ArrowLeft: -50, ArrowDown: -50, ArrowRight: 50, ArrowUp: 50, PageDown: -1000, PageUp: 1000, Home: -Infinity, End: Infinity };

/**
 * The outline of a sample, with places marked on it and a stretch that can be selected by pointer and by
 * keyboard. Event: `stretch {selection}`. `data-duration-ms` is its length; each mark has `data-code`,
 * `data-begin-ms` and `data-end-ms`.
 */
class Wave extends VbElement {
  /** Whether a stretch can be selected; set before it enters the document. */
  selectable = false;
  #canvas;
  #box;
  #marks;
  #chosen;
  #edges;
  #head;
  #end;
  #sound = null;
  #durationMs = 0;
  #selection = null;
  /** @type {Drawing} */
  #drawing;

  build() {
    this.#canvas = h('canvas', { class: 'wave', role: 'img' });
    this.#marks = h('div', { class: 'wave-marks' });
    this.#chosen = h('div', { class: 'wave-chosen', hidden: true });
    this.#head = h('div', { class: 'wave-head', hidden: true });
    this.#edges = [this.#edge('begin'), this.#edge('end')];
    this.#box = h('div', { class: 'wave-box' }, this.#canvas, this.#marks, this.#chosen, this.#head, ...this.#edges);
    this.#end = h('span');
    this.append(this.#box, h('p', { class: 'wave-ruler', 'aria-hidden': 'true' }, h('span', {}, '0'), this.#end));
    this.#drawing = new Drawing(this.#canvas, this.scope, (...how) => this.#draw(...how));
    if (this.selectable) this.scope.on(this.#box, 'pointerdown', (event) => this.#drag(event));
  }

  translate() {
    super.translate();
    this.#tellLength();
    this.#showSelection();
  }

  get durationMs() {
    return this.#durationMs;
  }

  /**
   * @param {{samples: Float32Array, sampleRate: number} | null} sound
   * @param {number} [durationMs] where there is no sound to tell it
   */
  show(sound, durationMs = 0) {
    this.#sound = sound;
    this.#durationMs = sound ? (sound.samples.length * 1000) / sound.sampleRate : durationMs;
    this.dataset.durationMs = Math.round(this.#durationMs);
    this.selection = null;
    this.mark([]);
    this.position = null;
    this.#tellLength();
    this.#drawing.soon();
  }

  /** @param {{code: string, number: number, severity: string, beginMs: number, endMs: number}[]} places */
  mark(places) {
    this.#marks.replaceChildren(
      ...places.map(({ code, number, severity, beginMs, endMs }) => {
        const whole = beginMs <= 0 && endMs >= this.#durationMs - 1;
        const mark = h('div', { class: `place ${severity}${whole ? ' whole' : ''}`, 'data-code': code, 'data-begin-ms': beginMs, 'data-end-ms': endMs });
        this.#place(mark, beginMs, endMs);
        mark.append(h('span', { 'aria-hidden': 'true' }, String(number)));
        return mark;
      }),
    );
  }

  /** @type {{beginMs: number, endMs: number} | null} */
  get selection() {
    return this.#selection;
  }

  set selection(selection) {
    this.#selection = selection && { beginMs: this.#within(selection.beginMs), endMs: this.#within(selection.endMs) };
    this.#showSelection();
    this.tell('stretch', { selection: this.#selection });
  }

  /** Where it is being played, ms; null: nowhere. */
  set position(ms) {
    this.#head.hidden = ms === null;
    if (ms !== null) this.#place(this.#head, ms, ms);
  }

  focusSelection() {
    this.#edges[0].focus();
  }

  #tellLength() {
    const seconds = i18n.seconds(this.#durationMs);
    this.#end.textContent = i18n.t('clone.time', { seconds });
    this.#canvas.setAttribute('aria-label', i18n.t('clone.wave', { seconds }));
  }

  #edge(which) {
    const edge = h('div', { class: 'wave-edge', role: 'slider', tabindex: 0, hidden: true, 'data-edge': which, 'aria-valuemin': 0 });
    this.say(edge, `clone.select.${which}`, {}, 'aria-label');
    this.scope.on(edge, 'keydown', (event) => {
      const step = STEPS_MS[event.key];
      if (step === undefined) return;
      event.preventDefault();
      this.#move(which, this.#selection[`${which}Ms`] + step * (event.shiftKey ? 5 : 1));
    });
    return edge;
  }

  #move(which, ms) {
    const { beginMs, endMs } = this.#selection;
    if (which === 'begin') this.selection = { beginMs: Math.min(ms, endMs - SHORTEST_MS), endMs };
    else this.selection = { beginMs, endMs: Math.max(ms, beginMs + SHORTEST_MS) };
  }

  #drag(event) {
    if (event.button !== 0 || this.#durationMs === 0) return;
    event.preventDefault();
    const edge = event.target.dataset.edge;
    const from = this.#at(event);
    edge && event.target.focus();
    this.#box.setPointerCapture(event.pointerId);
    const move = (moved) => {
      const at = this.#at(moved);
      if (edge) this.#move(edge, at);
      else if (Math.abs(at - from) >= SHORTEST_MS) this.selection = { beginMs: Math.min(from, at), endMs: Math.max(from, at) };
    };
    const undo = [
      this.scope.on(this.#box, 'pointermove', move),
      ...['pointerup', 'pointercancel'].map((type) =>
        this.scope.on(this.#box, type, (last) => {
          for (const one of undo) one();
          if (!edge && type === 'pointerup' && Math.abs(this.#at(last) - from) < SHORTEST_MS) this.selection = null;
        }),
      ),
    ];
  }

  #at(event) {
    const { left, width } = this.#box.getBoundingClientRect();
    return this.#within(((event.clientX - left) / width) * this.#durationMs);
  }

  #within(ms) {
    return Math.max(0, Math.min(this.#durationMs, ms));
  }

  #showSelection() {
    const chosen = this.#selection;
    for (const part of [this.#chosen, ...this.#edges]) part.hidden = chosen === null;
    if (!chosen) return;
    this.#place(this.#chosen, chosen.beginMs, chosen.endMs);
    for (const [edge, ms] of [[this.#edges[0], chosen.beginMs], [this.#edges[1], chosen.endMs]]) {
      this.#place(edge, ms, ms);
      edge.setAttribute('aria-valuemax', Math.round(this.#durationMs));
      edge.setAttribute('aria-valuenow', Math.round(ms));
      edge.setAttribute('aria-valuetext', i18n.t('clone.time', { seconds: i18n.seconds(ms) }));
    }
  }

  #place(part, beginMs, endMs) {
    const share = (ms) => (this.#durationMs === 0 ? 0 : this.#within(ms) / this.#durationMs);
    part.style.setProperty('--from', share(beginMs));
    part.style.setProperty('--to', share(endMs));
  }

  #draw(paint, { width, height, ratio }, colours) {
    if (!this.#sound) return;
    paint.fillStyle = colours.getPropertyValue('--wave-heard');
    const step = 3 * ratio;
    const bars = outline(this.#sound.samples, Math.floor(width / step));
    bars.forEach((peak, slot) => {
      const half = Math.max(ratio, Math.sqrt(peak) * (height / 2 - ratio));
      paint.fillRect(slot * step, height / 2 - half, step - ratio, half * 2);
    });
  }
}

customElements.define('vb-wave', Wave);
