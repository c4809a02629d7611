import { VbElement, h } from './element.js';

/** Asks for a key when the server wants one. Event: `key {key}`. */
class Key extends VbElement {
  #input;

  build() {
    this.#input = h('input', { id: 'key', type: 'password', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'key-hint', required: true });
    const form = h(
      'form',
      { class: 'key-form' },
      this.say(h('label', { for: 'key' }), 'key.label'),
      h('div', { class: 'key-row' }, this.#input, this.say(h('button', { class: 'secondary' }), 'key.use')),
      this.say(h('p', { id: 'key-hint', class: 'help' }), 'key.hint'),
    );
    this.scope.on(form, 'submit', (event) => {
      event.preventDefault();
      const key = this.#input.value;
      this.#input.value = '';
      this.hidden = true;
      this.tell('key', { key });
    });
    this.append(form);
  }

  /** Shows itself; takes the focus only where the visitor waits for it. */
  ask({ focus = false } = {}) {
    this.hidden = false;
    if (focus) this.#input.focus();
  }
}

customElements.define('vb-key', Key);
