import { i18n } from '../i18n.js';
import { complaint, remark } from './complaint.js';
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
    const again = retry ? () => this.tell('retry') : undefined;
    this.#alert.replaceChildren(complaint(this, error, again));
  }

  /** A remark that doesn't stop anything. */
  remark(message) {
    const words = this.say(h('p', { class: 'message' }), 'notice.warning', { message });
    this.#alert.replaceChildren(remark(words));
  }

  /** The same in our words. */
  note(key) {
    this.#alert.replaceChildren(remark(this.say(h('p', { class: 'message' }), key)));
  }

  calm() {
    this.#alert.replaceChildren();
  }
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
