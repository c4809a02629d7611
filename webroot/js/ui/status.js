import { i18n } from '../i18n.js';
import { VbElement, h } from './element.js';

/** The state in words, and what went wrong with what to do about it. Events: `retry`. */
class Status extends VbElement {
  #line;
  #alert;

  build() {
    this.#line = h('output', { role: 'status', class: 'state' });
    this.#alert = h('div', { role: 'alert' });
    this.append(this.#line, this.#alert);
    this.show('loading');
  }

  get state() {
    return this.dataset.state;
  }

  /**
   * @param {string} name of the state
   * @param {object} [slots] times in ms under `ms` and `etaMs`
   */
  show(name, slots = {}) {
    this.dataset.state = name;
    this.say(this.#line, `state.${name}`, words(name, slots));
  }

  /**
   * @param {{code?: string, message?: string, hint?: string}} error
   * @param {{retry?: boolean}} [options]
   */
  complain(error, { retry = true } = {}) {
    const known = i18n.has(`error.${error.code}`);
    const title = h('p', { class: 'what' });
    const box = h('div', { class: 'complaint' }, title);
    if (known) this.say(title, `error.${error.code}`);
    else if (error.message) title.textContent = error.message;
    else this.say(title, 'state.failed');
    if (known && error.message && !isNetwork(error.code)) box.append(h('p', { class: 'message' }, error.message));
    if (error.hint) box.append(h('p', { class: 'hint' }, error.hint));
    else if (isNetwork(error.code)) box.append(this.say(h('p', { class: 'hint' }), 'error.hint.network'));
    if (retry) box.append(this.#retryButton());
    this.#alert.replaceChildren(box);
  }

  /** A remark that doesn't stop anything. */
  remark(message) {
    const words = this.say(h('p', { class: 'message' }), 'notice.warning', { message });
    this.#alert.replaceChildren(h('div', { class: 'complaint mild' }, words));
  }

  /** The same in our words. */
  note(key) {
    this.#alert.replaceChildren(h('div', { class: 'complaint mild' }, this.say(h('p', { class: 'message' }), key)));
  }

  calm() {
    this.#alert.replaceChildren();
  }

  #retryButton() {
    const button = this.say(h('button', { type: 'button', class: 'secondary small', 'data-retry': true }), 'error.retry');
    button.addEventListener('click', () => this.tell('retry'));
    return button;
  }
}

function isNetwork(code) {
  return ['connect_failed', 'connect_timeout', 'connection_lost', 'no_answer', 'lists'].includes(code);
}

function words(name, { place, etaMs, ms }) {
  switch (name) {
    case 'queued':
      return { place, seconds: Math.ceil((etaMs ?? 0) / 1000) };
    case 'heard':
      return { ms };
    default:
      return ms === undefined ? {} : { seconds: i18n.seconds(ms) };
  }
}

customElements.define('vb-status', Status);
