import { i18n } from '../i18n.js';
import { draft } from '../memory.js';
import { PIECES, inserted, unwrapped, wrapped } from '../speak/ssml.js';
import { PHRASES, SCENES, isSample, phraseFor } from '../samples.js';
import { VbElement, h, icon } from './element.js';
import { PLAY, STOP } from './icons.js';

const PIECE_LABELS = { break: '<break>', phoneme: '<phoneme>', sub: '<sub>', digits: '<say-as>' };

/**
 * The text, the buttons, and phrases to start from. Events: `speak`, `stop`, `commit`, `edit {text}` while it is
 * typed, `warm`, `change-voice`, `change-manner`.
 */
class Composer extends VbElement {
  #text;
  #count;
  #voice;
  #model;
  #stop;
  #commit;
  #manner = 'whole';
  #manners = {};
  #advice;
  #marks;
  /** What the text was before its marks were taken away. */
  #lastMarked = { words: '', text: '' };
  #writing = false;
  #scenes;
  #stateSlot;

  build() {
    this.#text = h('textarea', { id: 'text', rows: 4, spellcheck: 'false', autocapitalize: 'sentences' });
    this.say(this.#text, 'composer.placeholder', {}, 'placeholder');
    const label = this.say(h('label', { for: 'text', class: 'visually-hidden' }), 'composer.label');
    this.#count = h('span', { class: 'count' });
    this.#voice = h('strong', { class: 'voice-name' });
    this.#model = h('span', { class: 'model-name' });
    const change = this.say(h('button', { type: 'button', class: 'link change' }), 'composer.change');
    this.scope.on(change, 'click', () => this.tell('change-voice'));
    this.#text.value = this.#unmarked(draft.get() ?? '');
    this.#hintLanguage();

    this.append(
      h('p', { class: 'speaking-as' }, this.say(h('span', { class: 'row-label' }), 'composer.voice'), this.#voice, this.#model, change, this.#count),
      label,
      this.#text,
      this.#markChips(),
      h('div', { class: 'actions' }, this.#speakButton(), this.#commitButton(), this.#stopButton(), this.#shortcut()),
    );
    this.#stateSlot = h('div', { class: 'status-slot' });
    this.append(this.#stateSlot, this.#mannerRow(), this.#phrases());

    this.scope.on(this.#text, 'input', (event) => this.#edited(event));
    // The last letters of an input method come before it is known to be done.
    this.scope.on(this.#text, 'compositionend', () => this.tell('edit', { text: this.text }));
    this.scope.on(this.#text, 'focus', () => this.tell('warm'));
    this.scope.on(this, 'pointerover', () => this.tell('warm'), { once: true });
    this.scope.on(document, 'keydown', (event) => this.#key(event));
  }

  translate() {
    super.translate();
    this.#showCount();
    this.#showScenes();
  }

  get text() {
    return this.#text.value;
  }

  /** `whole`, or `typing`: spoken while it is written. */
  get manner() {
    return this.#manner;
  }

  /** Whether text is being taken as it is typed. */
  set writing(writing) {
    this.#writing = writing;
    this.#commit.hidden = !writing;
  }

  /** Whether the text carries marks, which it is helped with. */
  set marked(on) {
    if (this.#marks.hidden !== on) return;
    this.#marks.hidden = !on;
    this.#write(on ? this.#remarked(this.text) : this.#unmarked(this.text));
    for (const button of Object.values(this.#manners)) button.disabled = on;
    if (on) this.#choose('whole');
  }

  /** Without the marks, which are kept for as long as the words stay the same. */
  #unmarked(text) {
    const words = unwrapped(text);
    this.#lastMarked = { words, text };
    return words;
  }

  #remarked(text) {
    return text === this.#lastMarked.words ? wrapped(this.#lastMarked.text) : wrapped(text);
  }

  /** Shows where in the text something is. */
  point(at) {
    this.#text.focus();
    this.#text.setSelectionRange(at, at + 1);
  }

  /** Puts an element (the page's status) right under the buttons. */
  adopt(element) {
    this.#stateSlot.append(element);
  }

  focusText() {
    this.#text.focus();
  }

  /** Shows who speaks; fills in a sentence in that voice's language unless something was typed. */
  set voice({ name, language, model }) {
    this.#model.textContent = model === name ? '' : model;
    this.#voice.textContent = name;
    if (this.#text.value.trim() !== '' && !isSample(this.#text.value)) return;
    if (this.#text.value.trim() !== '' && draft.get()) return; // a sample that was chosen on purpose
    const phrase = phraseFor(language);
    this.#fill(phrase, false);
  }

  set active(active) {
    this.#stop.setAttribute('aria-disabled', String(!active));
    this.toggleAttribute('data-active', active);
  }

  #speakButton() {
    const button = h('button', { type: 'button', class: 'primary', id: 'speak' }, icon(PLAY), this.say(h('span'), 'composer.speak'));
    this.scope.on(button, 'click', () => this.tell('speak'));
    return button;
  }

  #stopButton() {
    // aria-disabled, not disabled: the focus must not fall off it when the speech ends.
    this.#stop = h('button', { type: 'button', class: 'secondary', id: 'stop', 'aria-disabled': 'true' }, icon(STOP), this.say(h('span'), 'composer.stop'));
    this.scope.on(this.#stop, 'click', () => this.tell('stop'));
    return this.#stop;
  }

  #commitButton() {
    this.#commit = this.say(h('button', { type: 'button', class: 'secondary', id: 'commit', hidden: true }), 'composer.commit');
    this.scope.on(this.#commit, 'click', () => {
      this.tell('commit');
      this.#text.focus();
    });
    return this.#commit;
  }

  #mannerRow() {
    const group = this.say(h('div', { role: 'group', class: 'segments' }), 'composer.manner', {}, 'aria-label');
    for (const manner of ['whole', 'typing']) {
      const button = this.say(h('button', { type: 'button', class: 'segment', id: `manner-${manner}` }), `composer.manner.${manner}`);
      this.scope.on(button, 'click', () => this.#choose(manner));
      this.#manners[manner] = button;
      group.append(button);
    }
    this.#advice = h('p', { class: 'help', id: 'manner-advice' });
    this.#choose(this.#manner);
    return h('div', { class: 'manner' }, group, this.#advice);
  }

  #choose(manner) {
    const changed = this.#manner !== manner;
    this.#manner = manner;
    for (const [name, button] of Object.entries(this.#manners)) button.setAttribute('aria-pressed', String(name === manner));
    this.say(this.#advice, `composer.advice.${manner}`);
    if (changed) this.tell('change-manner');
  }

  #markChips() {
    this.#marks = this.say(h('ul', { class: 'chips marks-row', hidden: true }), 'composer.marks', {}, 'aria-label');
    for (const [name, piece] of Object.entries(PIECES)) {
      const chip = this.say(h('button', { type: 'button', class: 'chip mono' }, PIECE_LABELS[name]), `composer.marks.${name}`, {}, 'title');
      this.scope.on(chip, 'click', () => {
        const { selectionStart, selectionEnd, value } = this.#text;
        const { text, from, to } = inserted(value, selectionStart, selectionEnd, piece);
        this.#write(text);
        this.#text.focus();
        this.#text.setSelectionRange(from, to);
      });
      this.#marks.append(h('li', {}, chip));
    }
    return this.#marks;
  }

  #write(text) {
    this.#text.value = text;
    this.#edited();
  }

  #shortcut() {
    return this.say(h('span', { class: 'shortcut' }), 'composer.shortcut');
  }

  #phrases() {
    const phrases = this.say(h('ul', { class: 'chips' }), 'composer.phrases', {}, 'aria-label');
    for (const phrase of PHRASES) phrases.append(h('li', {}, this.#chip(phrase, h('span', { lang: phrase.lang }, phrase.label))));
    this.#scenes = this.say(h('ul', { class: 'chips' }), 'composer.scenes', {}, 'aria-label');
    return h(
      'div',
      { class: 'phrases' },
      h('div', { class: 'phrase-row' }, this.say(h('span', { class: 'row-label', 'aria-hidden': 'true' }), 'composer.scenes'), this.#scenes),
      h('div', { class: 'phrase-row' }, this.say(h('span', { class: 'row-label', 'aria-hidden': 'true' }), 'composer.phrases'), phrases),
    );
  }

  #chip(sample, content) {
    const chip = h('button', { type: 'button', class: 'chip' }, content);
    chip.addEventListener('click', () => {
      this.#fill(sample, true);
      this.tell('warm');
    });
    return chip;
  }

  #showScenes() {
    const scenes = SCENES[i18n.language].map((scene) => h('li', {}, this.#chip(scene, h('span', {}, i18n.t(scene.key)))));
    this.#scenes.replaceChildren(...scenes);
  }

  #fill(sample, remember) {
    this.#text.value = sample.text;
    this.#text.lang = sample.lang;
    if (!this.#marks.hidden) this.#text.value = wrapped(sample.text);
    if (remember) draft.set(sample.text);
    this.#showCount();
  }

  #edited(event) {
    draft.set(this.#text.value);
    this.#hintLanguage();
    this.#showCount();
    this.tell('warm');
    if (!event?.isComposing) this.tell('edit', { text: this.text });
  }

  /** Chooses the right glyphs and the right reader for what is typed. */
  #hintLanguage() {
    const text = this.#text.value;
    if (/[\u3040-\u30ff]/.test(text)) this.#text.lang = 'ja';
    else if (/[\uac00-\ud7af]/.test(text)) this.#text.lang = 'ko';
    else if (/[\u3400-\u9fff]/.test(text)) this.#text.lang = 'zh-CN';
    else this.#text.removeAttribute('lang');
  }

  #showCount() {
    this.#count.textContent = i18n.t('composer.count', { n: [...this.#text.value].length });
  }

  #key(event) {
    // It stays in the document while another page or a dialog is in front.
    if (event.isComposing || !this.checkVisibility() || document.querySelector('dialog[open]')) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.tell(this.#writing ? 'commit' : 'speak');
    } else if (event.key === 'Escape' && this.hasAttribute('data-active')) {
      event.preventDefault();
      this.tell('stop');
    }
  }
}

customElements.define('vb-composer', Composer);
