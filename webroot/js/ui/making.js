import { i18n } from '../i18n.js';
import { underWay } from '../library.js';
import { phraseFor } from '../samples.js';
import { complaint } from './complaint.js';
import { copyButton } from './copy.js';
import { VbElement, h, icon } from './element.js';
import { PLAY, STOP } from './icons.js';
import './status.js';

const SAMPLE_RATE = 24_000;
/** Which step a refusal is about, by its code and by the field it names. */
const AT_FAULT = { consent_required: 'name', sample_refused: 'check', quota_exceeded: 'model', name: 'name', tags: 'name', consent: 'name', language: 'words', transcript: 'words', sample: 'check', file: 'sample', target_model: 'model', provider: 'model' };

/**
 * Makes the voice, tells how far it is, and lets it speak. Events: `making` (its `data-state`
 * changed), `made {voice}`, `back {step, report?}`, `another`.
 */
class Making extends VbElement {
  /** @type {import('../studio.js').Studio} set before it enters the document */
  studio;
  /** What to send. @type {() => object} set before it enters the document */
  order;
  #stage;
  #cancelling = null;
  #following = null;
  #speaker = null;
  #startedAt = 0;

  build() {
    this.#stage = h('div', { class: 'making' });
    this.append(this.#stage);
    this.scope.defer(() => {
      this.#cancelling?.abort();
      this.#following?.abort();
      this.#speaker?.stop();
    });
    this.reset();
  }

  get busy() {
    return ['uploading', 'waiting'].includes(this.dataset.state);
  }

  #become(state) {
    this.dataset.state = state;
    this.tell('making');
  }

  /** Ready to make one. */
  reset() {
    this.#following?.abort();
    this.#speaker?.stop();
    this.#become('ready');
    this.#stage.replaceChildren(h('div', { class: 'actions' }, this.#button('primary', 'clone.make', () => this.#make())));
  }

  leave() {
    this.#speaker?.stop();
  }

  async #make(more = {}) {
    if (this.busy) return;
    this.#become('uploading');
    this.#startedAt = performance.now();
    this.#cancelling = new AbortController();
    const { signal } = this.#cancelling;
    const bar = h('progress', { max: 1, value: 0 });
    this.say(bar, 'clone.make.upload', {}, 'aria-label');
    const state = h('p', { role: 'status', tabindex: -1 });
    const cancel = this.#button('secondary', 'clone.make.cancel', () => this.#cancelling.abort());
    const elapsed = this.#elapsed();
    this.#stage.replaceChildren(this.say(state, 'clone.make.uploading'), bar, elapsed, h('div', { class: 'actions' }, cancel));
    cancel.focus();
    const order = { ...this.order(), ...more };
    let uploaded = false;
    let made;
    try {
      made = await this.studio.library.clone(
        order,
        (share) => {
          bar.value = share;
          if (share < 1 || uploaded) return;
          uploaded = true;
          this.#become('waiting');
          this.say(state, 'clone.make.ordered');
          bar.removeAttribute('value');
          if (document.activeElement === cancel) state.focus(); // it would fall to the top of the page
          cancel.hidden = true;
        },
        signal,
      );
    } catch (error) {
      if (signal.aborted) this.reset();
      else this.#fail(error, { perhaps: uploaded && error.cause?.type === undefined });
      return;
    }
    if (made.existing) this.#offerExisting(made.voice);
    // With a visitor's own key no record keeps the name; the vendor knows the voice by a prefix.
    else await this.#follow(made.voice, { ...made, name: order.name });
  }

  async #follow(voice, made = {}) {
    const held = this.#stage.contains(document.activeElement);
    this.#become('waiting');
    this.#following = new AbortController();
    const { signal } = this.#following;
    const state = h('p', { role: 'status', tabindex: -1 });
    const vendor = h('span', { class: 'badge' });
    const bar = h('progress');
    this.say(bar, 'clone.make.deploying', {}, 'aria-label');
    this.#stage.replaceChildren(h('div', { class: 'making-row' }, this.say(state, 'clone.make.deploying'), vendor), bar, this.#elapsed(), this.say(h('p', { class: 'help' }), 'clone.make.stay'));
    if (held) state.focus();
    const tell = (now) => {
      this.dataset.vendorStatus = now.vendor_status ?? now.status;
      vendor.textContent = now.vendor_status ?? now.status.toUpperCase();
    };
    tell(voice);
    try {
      voice = underWay(voice) ? await this.studio.library.follow(voice.id, tell, signal) : voice;
    } catch (error) {
      if (!signal.aborted) this.#fail(error, { again: () => this.#follow(voice, made) });
      return;
    }
    if (signal.aborted) return;
    tell(voice);
    if (voice.status === 'ok') this.#show(voice, made);
    else this.#fail({ code: 'undeployed', message: i18n.t('clone.make.undeployed'), hint: i18n.t('clone.make.undeployed.hint') }, { step: 'check' });
  }

  #elapsed() {
    const line = h('p', { class: 'help elapsed' });
    const tell = () => (line.textContent = i18n.t('clone.make.elapsed', { seconds: Math.round((performance.now() - this.#startedAt) / 1000) }));
    tell();
    const undo = this.scope.every(1000, () => (line.isConnected ? tell() : undo()));
    return line;
  }

  #fail(error, { again, step, perhaps } = {}) {
    this.#become('failed');
    const report = error.cause?.report;
    const back = step ?? AT_FAULT[error.code] ?? AT_FAULT[error.param];
    const alert = h('div', { role: 'alert' }, complaint(this, error, again ?? (() => this.#make())));
    if (perhaps || error.cause?.may_have_happened) alert.append(h('p', { class: 'remark' }, this.say(h('span'), 'clone.make.perhaps'), ' ', this.say(h('a', { href: '#/library' }), 'nav.library')));
    this.#stage.replaceChildren(alert);
    if (!back) return;
    const way = this.#button('primary', `clone.back.${back}`, () => this.tell('back', { step: back, report }));
    this.#stage.append(h('div', { class: 'actions' }, way));
    way.focus();
  }

  #offerExisting(voice) {
    this.#become('existing');
    const use = this.#button('primary', 'clone.existing.use', () => this.#show(voice));
    this.#stage.replaceChildren(
      this.say(h('p', { role: 'status' }), 'clone.existing', { name: voice.name }),
      h('div', { class: 'actions' }, use, this.#button('secondary', 'clone.existing.again', () => this.#make({ again: true }))),
    );
    use.focus();
  }

  #show(voice, made = {}) {
    this.#become('made');
    this.#speaker ??= this.#newSpeaker();
    const done = this.say(h('p', { class: 'made-title', role: 'status' }), 'clone.made', { name: made.name ?? voice.name });
    const parts = [done, this.#id('clone.id', voice.id)];
    if (voice.provider_voice_id && voice.provider_voice_id !== voice.id) parts.push(this.#id('clone.providerId', voice.provider_voice_id));
    if (made.mending?.length > 0) parts.push(this.say(h('p', { class: 'help' }), 'clone.made.mended', { steps: made.mending.map((step) => step[i18n.language]).join(i18n.language === 'zh' ? '、' : ', ') }));
    if (made.transcript) parts.push(this.say(h('p', { class: 'help' }), 'clone.made.heard', { text: made.transcript }));
    const speaks = this.studio.models.some((model) => model.id === voice.target_model);
    parts.push(speaks ? this.#trial(voice) : this.say(h('p', { class: 'help' }), 'clone.made.mute'));
    const another = this.#button('secondary', 'clone.another', () => this.tell('another'));
    const rehearse = this.say(h('a', { class: 'secondary', href: `#/speak?voice=${encodeURIComponent(voice.id)}` }), 'clone.toSpeak');
    parts.push(h('div', { class: 'actions' }, ...(speaks ? [rehearse] : []), another));
    this.#stage.replaceChildren(...parts);
    (this.#stage.querySelector('.try-speak') ?? another).focus();
    this.tell('made', { voice });
  }

  #id(label, id) {
    return h('div', { class: 'field voice-id' }, this.say(h('span', { class: 'row-label' }), label), h('div', { class: 'id-row' }, h('code', {}, id), copyButton(this, () => id)));
  }

  #newSpeaker() {
    const speaker = this.studio.newSpeaker();
    this.scope.on(speaker, 'state', ({ detail }) => this.#sounds(detail));
    this.scope.on(this.studio.player, 'played', ({ detail }) => speaker.active && (this.dataset.soundingSamples = detail.soundingSamples));
    return speaker;
  }

  #trial(voice) {
    const text = h('textarea', { id: 'clone-try', rows: 3 });
    const phrase = phraseFor(voice.language ?? i18n.language);
    text.value = phrase.text;
    text.lang = phrase.lang;
    const speak = h('button', { type: 'button', class: 'primary try-speak' }, icon(PLAY), this.say(h('span'), 'clone.try.speak'));
    const stop = h('button', { type: 'button', class: 'secondary try-stop', 'aria-disabled': 'true' }, icon(STOP), this.say(h('span'), 'clone.try.stop'));
    const status = h('vb-status');
    speak.addEventListener('click', () => {
      if (text.value.trim() === '') {
        text.focus();
        return;
      }
      status.calm();
      this.#speaker.stop();
      this.#speaker.use(voice.target_model, { voice: voice.id });
      this.#speaker.speak(text.value, SAMPLE_RATE);
    });
    stop.addEventListener('click', () => this.#speaker.stop());
    status.addEventListener('retry', () => speak.click());
    queueMicrotask(() => status.show('ready'));
    return h('div', { class: 'trial' }, this.say(h('label', { for: 'clone-try' }), 'clone.try'), text, h('div', { class: 'actions' }, speak, stop), status);
  }

  #sounds({ name, slots, error }) {
    const status = this.#stage.querySelector('vb-status');
    if (!status) return;
    status.show(name, slots);
    if (error) status.complain(error);
    this.#stage.querySelector('.try-stop').setAttribute('aria-disabled', String(!this.#speaker.active));
  }

  #button(kind, key, act) {
    const button = this.say(h('button', { type: 'button', class: kind, 'data-key': key }), key);
    button.addEventListener('click', act);
    return button;
  }
}

customElements.define('vb-making', Making);
