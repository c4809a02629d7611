import { VbElement, h } from './element.js';

/**
 * The two keys that a visitor may show: the server's, asked for when it wants one, and one of their own at the
 * vendor. Neither is kept longer than the page lives. Events: `key {key}`, `provider-key {key}`.
 */
class Key extends VbElement {
  #server;
  #own;
  #forget;

  build() {
    this.#server = this.#form('key', 'key');
    this.#own = this.#form('provider-key', 'ownKey');
    this.#forget = this.say(h('button', { type: 'button', class: 'secondary small', hidden: true }), 'ownKey.forget');
    this.#own.querySelector('.key-row').append(this.#forget);
    const close = this.say(h('button', { type: 'button', class: 'link' }), 'key.close');
    this.scope.on(close, 'click', () => (this.hidden = true));
    this.scope.on(this.#forget, 'click', () => this.#use('provider-key', ''));
    this.append(this.#server, this.#own, close);
  }

  /** Shows the server's alone; takes the focus only where the visitor waits for it. */
  ask({ focus = false } = {}) {
    this.#own.hidden = true;
    this.hidden = false;
    if (focus) this.#server.querySelector('input').focus();
  }

  /** Shows both, or hides them. */
  toggle() {
    this.hidden = !this.hidden && !this.#own.hidden;
    this.#own.hidden = false;
    if (!this.hidden) this.#server.querySelector('input').focus();
  }

  #form(id, name) {
    const input = h('input', { id, type: 'password', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': `${id}-hint`, required: true, maxlength: 512 });
    const form = h(
      'form',
      { class: 'key-form' },
      this.say(h('label', { for: id }), `${name}.label`),
      h('div', { class: 'key-row' }, input, this.say(h('button', { class: 'secondary' }), `${name}.use`)),
      this.say(h('p', { id: `${id}-hint`, class: 'help' }), `${name}.hint`),
    );
    this.scope.on(form, 'submit', (event) => {
      event.preventDefault();
      this.#use(id, input.value.trim());
      input.value = '';
    });
    return form;
  }

  #use(id, key) {
    this.hidden = true;
    if (id === 'provider-key') this.#forget.hidden = key === '';
    this.tell(id, { key });
  }
}

customElements.define('vb-key', Key);
