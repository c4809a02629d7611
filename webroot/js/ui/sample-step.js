import { toWav } from '../audio/pcm.js';
import { i18n } from '../i18n.js';
import { readingFor } from '../readings.js';
import { PHRASES } from '../samples.js';
import { stamp } from '../save.js';
import { VbElement, h } from './element.js';
import './recorder.js';

const MOST_BYTES = 10 * 1024 * 1024;
/** Some systems don't know a type for every one of them; the doctor looks inside anyway. */
const ACCEPTED = '.wav,.mp3,.m4a,.mp4,audio/wav,audio/mpeg,audio/mp4';

/**
 * Where a sample comes from: the microphone or a file. Event: `sample {blob, name, sound?, text?,
 * language?}`; `sound` is `{samples, sampleRate}`, `text` what was read aloud.
 */
class SampleStep extends VbElement {
  #recorder;
  #reading;
  #tongue;
  #drop;
  #input;
  #trouble;

  build() {
    this.#tongue = h('select', { id: 'clone-reading-language', class: 'quiet' }, ...PHRASES.map(({ tag, label, lang }) => h('option', { value: tag, lang }, label)));
    this.#tongue.value = i18n.language;
    this.#reading = h('p', { class: 'reading' });
    this.#recorder = h('vb-recorder');
    this.#input = h('input', { type: 'file', id: 'clone-file', accept: ACCEPTED, class: 'visually-hidden' });
    this.#drop = h(
      'label',
      { class: 'drop', for: 'clone-file' },
      this.#input,
      this.say(h('span', { class: 'drop-title' }), 'clone.file.pick'),
      this.say(h('span', { class: 'help' }), 'clone.file.kinds'),
    );
    this.#trouble = h('div', { role: 'alert' });
    this.append(
      h(
        'div',
        { class: 'record-card' },
        h('div', { class: 'field-head' }, this.say(h('label', { for: 'clone-reading-language' }), 'clone.reading'), this.#tongue),
        this.#reading,
        this.#recorder,
      ),
      this.say(h('p', { class: 'or' }), 'clone.or'),
      this.#drop,
      this.#trouble,
      this.say(h('p', { class: 'help' }), 'clone.sample.help'),
    );
    this.#read();
    this.scope.on(this.#tongue, 'change', () => this.#read());
    this.scope.on(this.#recorder, 'recorded', ({ detail }) => this.#recorded(detail));
    this.scope.on(this.#recorder, 'begin', () => {
      this.#complain(null);
      this.#reading.scrollIntoView({ block: 'nearest' });
    });
    this.scope.on(this.#input, 'change', () => {
      this.take(this.#input.files[0]);
      this.#input.value = '';
    });
  }

  /** The microphone is free at once. @param {{keep?: boolean}} [how] whether a recording under way is a sample */
  leave({ keep = false } = {}) {
    if (keep && this.#recorder.worth) this.#recorder.stop();
    else this.#recorder.cancel();
  }

  focusFirst() {
    this.#recorder.focusButton();
  }

  /** Whether a file hangs over the page. */
  set hovered(hovered) {
    this.#drop.toggleAttribute('data-over', hovered);
  }

  /** @param {File | undefined} file */
  take(file) {
    if (!file || this.#recorder.active) return;
    if (file.size > MOST_BYTES) this.#complain('clone.file.big', { size: i18n.number(file.size / 1024 / 1024, { maximumFractionDigits: 1 }) });
    else if (file.size === 0) this.#complain('clone.file.empty');
    else {
      this.#complain(null);
      this.tell('sample', { blob: file, name: file.name });
    }
  }

  #recorded({ samples, sampleRate }) {
    const tag = this.#tongue.value;
    const file = new File([toWav(samples, sampleRate)], `recording-${stamp()}.wav`, { type: 'audio/wav' });
    this.tell('sample', { blob: file, name: '', sound: { samples, sampleRate }, text: readingFor(tag), language: tag === 'yue' ? 'zh' : tag });
  }

  #read() {
    const { tag, lang } = PHRASES.find((phrase) => phrase.tag === this.#tongue.value);
    this.#reading.lang = lang;
    this.#reading.textContent = readingFor(tag);
  }

  #complain(key, slots) {
    this.#trouble.replaceChildren();
    if (key) this.#trouble.append(h('div', { class: 'complaint' }, this.say(h('p', { class: 'what' }), key, slots), this.say(h('p', { class: 'hint' }), `${key}.hint`)));
  }
}

customElements.define('vb-sample-step', SampleStep);
