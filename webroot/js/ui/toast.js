import { VbElement, h } from './element.js';

const STAYS_MS = 8_000;

/**
 * A remark at the foot of the page, with a way back where there is one. Anything may say one:
 * `document.querySelector('vb-toast').show('library.deleted', { name }, { label: 'library.undo', act })`.
 */
class Toast extends VbElement {
  /** A way back keeps its line: a mere remark must not take it away. */
  #lines = {};
  #timers = {};

  build() {
    for (const kind of ['way', 'remark']) this.#lines[kind] = h('div', { role: 'status', class: 'toast', hidden: true });
    this.append(h('div', { class: 'toasts' }, this.#lines.remark, this.#lines.way));
  }

  /**
   * @param {string} key of the string
   * @param {object} [slots]
   * @param {{label: string, act: () => void, ms?: number}} [way] the button beside it
   */
  show(key, slots = {}, way = null) {
    const kind = way ? 'way' : 'remark';
    const line = this.#lines[kind];
    this.#timers[kind]?.();
    line.replaceChildren(this.say(h('span'), key, slots));
    if (way) {
      const button = this.say(h('button', { type: 'button', class: 'secondary small' }), way.label);
      button.addEventListener('click', () => {
        this.#hide(kind);
        way.act();
      });
      line.append(button);
    }
    line.hidden = false;
    this.#timers[kind] = this.scope.after(way?.ms ?? STAYS_MS, () => this.#hide(kind));
  }

  #hide(kind) {
    this.#timers[kind]?.();
    this.#lines[kind].hidden = true;
  }
}

customElements.define('vb-toast', Toast);

/** See {@link Toast#show}. */
export function toast(...what) {
  document.querySelector('vb-toast').show(...what);
}
