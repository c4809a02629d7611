import { estimated, placed, wordAt } from '../speak/words.js';
import { VbElement, h } from './element.js';

/** The text as it is spoken: what was heard, the word being heard, the rest. */
class Reading extends VbElement {
  #box;
  #heard = h('span', { class: 'read' });
  #now = h('mark');
  #rest = document.createTextNode('');
  #note;
  #text = '';
  #words = [];
  #at = null;

  build() {
    this.#box = h('p', { class: 'reading', tabindex: 0, role: 'group' }, this.#heard, this.#now, this.#rest);
    this.say(this.#box, 'reading.label', {}, 'aria-label');
    this.#note = h('p', { class: 'help' });
    this.append(this.#box, this.#note);
    this.hidden = true;
  }

  /**
   * @param {string} text as it is read aloud
   * @param {{words: object[], totalMs: number, rate: number}} known the words whose times were told; the length
   *     once the whole sound is there, else 0; the speed
   */
  show(text, { words, totalMs, rate }) {
    const told = words.length > 0;
    this.#words = told ? placed(text, words) : estimated(text, { totalMs, rate });
    this.hidden = text.trim() === '';
    this.dataset.times = told ? 'told' : 'estimated';
    this.say(this.#note, told ? 'reading.told' : 'reading.estimated');
    if (text === this.#text) return;
    this.#text = text;
    this.#at = undefined;
    this.clear();
  }

  /** @param {number} ms heard so far */
  move(ms) {
    const word = wordAt(this.#words, ms);
    if (!word) {
      this.clear();
      return;
    }
    if (this.#at === word.begin) return;
    this.#at = word.begin;
    this.#write(word.begin, word.end);
    const { offsetTop, offsetHeight } = this.#now;
    const { scrollTop, clientHeight } = this.#box;
    if (offsetTop < scrollTop || offsetTop + offsetHeight > scrollTop + clientHeight) this.#box.scrollTop = offsetTop - clientHeight / 3;
  }

  /** Nothing is being heard. */
  clear() {
    if (this.#at === null) return;
    this.#at = null;
    this.#write(0, 0);
  }

  #write(begin, end) {
    this.#heard.textContent = this.#text.slice(0, begin);
    this.#now.textContent = this.#text.slice(begin, end);
    this.#rest.data = this.#text.slice(end);
  }
}

customElements.define('vb-reading', Reading);
