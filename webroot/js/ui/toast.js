import { VbElement, h } from './element.js';

const STAYS_MS = 8_000;

/**
 * A remark at the foot of the page, with a way back where there is one. Anything may say one:
 * `document.querySelector('vb-toast').show('library.deleted', { name }, { label: 'library.undo', act })`.
 */
class Toast extends VbElement {
  #line;
  #timer = () => {};

  build() {
    this.#line = h('div', { role: 'status', class: 'toast', hidden: true });
    this.append(this.#line);
  }

  /**
   * @param {string} key of the string
   * @param {object} [slots]
   * @param {{label: string, act: () => void, ms?: number}} [way] the button beside it
   */
  show(key, slots = {}, way = null) {
    this.#timer();
    const words = this.say(h('span'), key, slots);
    this.#line.replaceChildren(words);
    if (way) {
      const button = this.say(h('button', { type: 'button', class: 'secondary small' }), way.label);
      button.addEventListener('click', () => {
        this.hide();
        way.act();
      });
      this.#line.append(button);
    }
    this.#line.hidden = false;
    this.#timer = this.scope.after(way?.ms ?? STAYS_MS, () => this.hide());
  }

  hide() {
    this.#timer();
    this.#line.hidden = true;
  }
}

customElements.define('vb-toast', Toast);

/** See {@link Toast#show}. */
export function toast(...what) {
  document.querySelector('vb-toast').show(...what);
}
