import { LevelWatch } from '../audio/level.js';
import { Microphone } from '../audio/microphone.js';
import { i18n } from '../i18n.js';
import { Scope } from '../scope.js';
import { VbElement, h, icon } from './element.js';
import { MICROPHONE, STOP } from './icons.js';
import { toast } from './toast.js';

/** The strictest provider wants 10 s of speech, pauses not counted. */
const SPEECH_MS = 10_500;
const ENOUGH_MS = 20_000;
/** What the time bar shows; a sample may be longer, but not better. */
const SHOWN_MS = 30_000;
const LONGEST_MS = 60_000;
const WORTH_MS = 3_000;
/** Two clicks, not a recording. */
const SHORTEST_MS = 300;
/** Without a sound from the audio thread for so long, none will come. */
const DEAF_MS = 3_000;

/**
 * Records from the microphone. Events: `begin`, `recorded {samples, sampleRate}`, `cancelled`.
 * `data-state` is `idle`, `asking`, `recording` or `ending`.
 */
class RecorderView extends VbElement {
  /** Whether a whole sample is recorded, with a good length to reach; set before it enters the document. */
  whole = true;
  #button;
  #cancel;
  #live;
  #meter;
  #bar;
  #time;
  #advice;
  #trouble;
  #watch = null;
  #microphone = null;
  #leaving = null;
  /** Of the recording under way: a listener that outlived it would keep its sound. */
  #hearing = new Scope();
  #told = '';

  build() {
    this.#button = h('button', { type: 'button', class: 'primary record' });
    this.#cancel = this.say(h('button', { type: 'button', class: 'secondary', hidden: true }), 'clone.record.discard');
    this.#meter = h('meter', { min: 0, max: 1, value: 0 });
    this.say(this.#meter, 'clone.record.level', {}, 'aria-label');
    this.#time = h('span', { class: 'record-time' });
    this.#bar = h('div', { class: 'record-bar', 'aria-hidden': 'true' }, h('span', { class: 'record-good' }), h('span', { class: 'record-fill' }));
    const scale = this.say(h('p', { class: 'record-scale' }), 'clone.record.scale');
    this.#advice = h('p', { class: 'record-advice', role: 'status' });
    this.#live = h('div', { class: 'record-live', hidden: true }, h('div', { class: 'record-row' }, this.#time, this.#meter), ...(this.whole ? [this.#bar, scale] : []), this.#advice);
    this.#trouble = h('div', { role: 'alert' });
    this.append(this.#live, h('div', { class: 'actions' }, this.#button, this.#cancel), this.#trouble);
    this.scope.on(this.#button, 'click', () => this.#click());
    this.scope.on(this.#cancel, 'click', () => this.cancel());
    this.scope.defer(() => this.cancel());
    this.#become('idle');
  }

  translate() {
    super.translate();
    this.#showTime();
  }

  get active() {
    return this.dataset.state !== 'idle';
  }

  focusButton() {
    this.#button.focus();
  }

  /** Starts, as a click would; must be called inside one. */
  async start() {
    if (this.active) return;
    this.#become('asking');
    this.#trouble.replaceChildren();
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    try {
      this.#microphone = await Microphone.open(signal);
    } catch (cause) {
      if (signal.aborted) return; // whoever left has tidied up
      this.#become('idle');
      this.#explain(cause);
      return;
    }
    this.#watch = new LevelWatch();
    this.#told = '';
    this.#hearing.on(this.#microphone, 'heard', ({ detail }) => this.#hear(detail));
    this.#hearing.on(this.#microphone, 'lost', () => {
      toast('clone.mic.lost');
      this.stop();
    });
    this.#become('recording');
    this.#hear({ chunk: new Float32Array(1), sampleRate: this.#microphone.sampleRate });
    this.#hearing.after(DEAF_MS, () => {
      if (signal.aborted || this.#watch?.elapsedMs > 100 || this.dataset.state !== 'recording') return;
      this.cancel();
      this.#explain({ name: 'deaf' });
    });
    this.tell('begin');
  }

  /** Long enough to be worth keeping. */
  get worth() {
    return this.dataset.state === 'recording' && this.#watch.elapsedMs >= WORTH_MS;
  }

  /** Ends the recording and hands it on. */
  async stop() {
    if (this.dataset.state !== 'recording') return;
    this.#become('ending');
    const { signal } = this.#leaving;
    const recording = await this.#microphone.stop();
    if (signal.aborted) return;
    this.#release();
    this.#become('idle');
    if ((recording.samples.length * 1000) / recording.sampleRate < SHORTEST_MS) this.tell('cancelled');
    else this.tell('recorded', recording);
  }

  /** The microphone is free at once; what was recorded is gone. */
  cancel() {
    if (!this.active) return;
    this.#leaving.abort();
    this.#microphone?.close();
    this.#release();
    this.#become('idle');
    this.tell('cancelled');
  }

  #release() {
    this.#hearing.dispose();
    this.#microphone = null;
    this.#leaving = null;
  }

  #click() {
    if (this.dataset.state === 'recording') this.stop();
    else this.start();
  }

  #become(state) {
    this.dataset.state = state;
    const recording = state === 'recording' || state === 'ending';
    this.#live.hidden = !recording;
    this.#cancel.hidden = state === 'idle';
    const label = recording ? 'clone.record.stop' : state === 'asking' ? 'clone.record.asking' : 'clone.record.start';
    this.#button.replaceChildren(icon(recording ? STOP : MICROPHONE), this.say(h('span'), label));
    if (state === 'idle') this.#watch = null;
  }

  #hear({ chunk, sampleRate }) {
    const watch = this.#watch;
    if (!watch) return;
    watch.hear(chunk, sampleRate);
    this.#meter.value = watch.level;
    this.#showTime();
    this.#advise(watch.warning ?? this.#progress());
    if (watch.elapsedMs >= LONGEST_MS) this.stop();
  }

  #progress() {
    if (!this.whole) return 'again';
    if (this.#watch.spokenMs < SPEECH_MS) return 'speak';
    return this.#watch.elapsedMs < ENOUGH_MS ? 'good' : 'enough';
  }

  #advise(what) {
    if (what === this.#told) return;
    this.#told = what;
    this.#advice.dataset.advice = what;
    this.say(this.#advice, `clone.advice.${what}`);
  }

  #showTime() {
    if (!this.#watch) return;
    const ms = this.#watch.elapsedMs;
    const more = Math.ceil((SPEECH_MS - this.#watch.spokenMs) / 1000);
    const seconds = i18n.seconds(ms);
    this.#time.textContent = this.whole && more > 0 ? i18n.t('clone.record.time', { seconds, more }) : i18n.t('clone.time', { seconds });
    this.#bar.style.setProperty('--at', Math.min(1, ms / SHOWN_MS));
  }

  #explain(cause) {
    const framed = window.top !== window;
    const refused = ['NotAllowedError', 'SecurityError'].includes(cause.name);
    const key = refused ? (framed ? 'framed' : 'refused') : ({ NotFoundError: 'none', OverconstrainedError: 'none', NotReadableError: 'busy', AbortError: 'busy', insecure: 'insecure' }[cause.name] ?? 'failed');
    const box = h('div', { class: 'complaint', 'data-trouble': key }, this.say(h('p', { class: 'what' }), `clone.mic.${key}`), this.say(h('p', { class: 'hint' }), `clone.mic.${key}.hint`));
    if (key === 'failed' && cause.message) box.append(h('p', { class: 'message' }, cause.message));
    if (framed) box.append(this.say(h('a', { href: location.href, target: '_blank', rel: 'noopener' }), 'clone.mic.window'));
    this.#trouble.replaceChildren(box);
  }
}

customElements.define('vb-recorder', RecorderView);
