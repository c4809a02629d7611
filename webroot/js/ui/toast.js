import { VbElement, h } from './element.js';

const STAYS_MS = 8_000;

/**
 * A remark at the foot of the page, with a way back where there is one. Anything may say one:
 * `document.querySelector('vb-toast').show('library.deleted', { name }, { label: 'library.undo', act })`.
 */
class Toast extends VbElement {
  #box;
  /** What stands there: a mere remark doesn't take a way back away, nor does another way. */
  #lines = new Map();

  build() {
    this.#box = h('div', { role: 'status', 'aria-atomic': 'false', class: 'toasts' });
    this.append(this.#box);
  }

  /**
   * @param {string} key of the string
   * @param {object} [slots]
   * @param {{label: string, act: () => void, ms?: number, kind?: string}} [way] the button beside it; of a
   *     kind there is one at a time
   */
  show(key, slots = {}, way = null) {
    const kind = way ? (way.kind ?? key) : '';
    this.#hide(kind);
    const line = h('div', { class: 'toast' }, this.say(h('span'), key, slots));
    if (way) {
      const button = this.say(h('button', { type: 'button', class: 'secondary small' }), way.label);
      button.addEventListener('click', () => {
        this.#hide(kind);
        way.act();
      });
      line.append(button);
    }
    this.#box.append(line);
    const forget = this.scope.after(way?.ms ?? STAYS_MS, () => this.#hide(kind));
    this.#lines.set(kind, { line, forget });
  }

  #hide(kind) {
    const shown = this.#lines.get(kind);
    this.#lines.delete(kind);
    shown?.forget();
    shown?.line.remove();
  }
}

customElements.define('vb-toast', Toast);

/** See {@link Toast#show}. */
export function toast(...what) {
  document.querySelector('vb-toast').show(...what);
}
