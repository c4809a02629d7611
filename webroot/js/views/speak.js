import { i18n } from '../i18n.js';
import strings from '../i18n/speak.js';
import { saveFile, stamp } from '../save.js';
import { chosenModel, chosenVoice } from '../memory.js';
import '../ui/composer.js';
import { h } from '../ui/element.js';
import '../ui/options.js';
import '../ui/player.js';
import '../ui/status.js';
import '../ui/timeline.js';
import { namesOf } from '../ui/voices.js';
import { View } from './view.js';

i18n.learn(strings);

/** After a failed attempt to connect ahead of time, so long until the next. */
const WARM_AGAIN_MS = 10_000;

/** Any voice and model: type, hear, look at what happened. */
class Speak extends View {
  #composer;
  #status;
  #view;
  #timeline;
  #voices;
  #options;
  #speaker;
  #warmAgainAt = 0;
  #complaint = null;

  build() {
    this.#speaker = this.studio.newSpeaker();
    this.#composer = h('vb-composer');
    this.#status = h('vb-status');
    this.#view = h('vb-player');
    this.#timeline = h('vb-timeline');
    this.#voices = h('vb-voices');
    this.#options = h('vb-options');
    const listening = h('section', { class: 'listening' }, this.#view, this.#timeline);
    const side = h('section', { class: 'side', id: 'voices', tabindex: -1 }, this.#voices);
    this.say(listening, 'player.label', {}, 'aria-label');
    this.say(side, 'voices.label', {}, 'aria-label');
    this.append(h('div', { class: 'bench' }, h('div', { class: 'stage' }, this.#composer, listening, this.#options), side));
    this.#composer.adopt(this.#status);
    this.#join();
    this.#offer();
    if (this.studio.fault) this.#miss();
  }

  open(wish) {
    const id = wish.get('voice');
    const voice = id && this.studio.voices.find((one) => one.id === id);
    if (voice) this.#voices.offer(this.studio.models, this.studio.voices, { model: wish.get('model') || this.studio.modelFor(voice), voice: id });
  }

  leave() {
    this.#speaker.stop();
  }

  #join() {
    const { scope, studio } = this;
    scope.on(this.#composer, 'speak', () => this.#speak());
    scope.on(this.#composer, 'stop', () => this.#speaker.stop());
    scope.on(this.#composer, 'warm', () => this.#warm());
    scope.on(this.#composer, 'change-voice', () => this.#showVoices());
    scope.on(this.#status, 'retry', () => (this.#complaint?.code === 'lists' ? this.#load() : this.#speak()));
    scope.on(this.#view, 'save', () => this.#save());
    scope.on(this.#view, 'again', () => this.#speaker.replay());
    scope.on(this.#voices, 'choose', ({ detail }) => this.#chosen(detail));
    scope.on(this.#options, 'change-options', () => this.#apply());
    scope.on(this.#speaker, 'state', ({ detail }) => this.#show(detail));
    scope.on(this.#speaker, 'take', () => {
      this.#view.show(this.#speaker.take);
      this.#timeline.show(this.#speaker.take);
    });
    scope.on(this.#speaker, 'progress', ({ detail: { peak } }) => {
      this.#view.level = peak;
      this.#view.show(this.#speaker.take);
    });
    scope.on(studio.player, 'played', ({ detail }) => (this.#view.soundingSamples = detail.soundingSamples));
    scope.on(studio, 'unavailable', ({ detail: { cause } }) => this.#complain({ code: 'audio', message: cause.message }));
    scope.on(studio, 'stock', () => this.#offer());
    scope.on(studio, 'unstocked', () => this.#miss());
    scope.on(studio.door, 'key', () => {
      this.#warmAgainAt = 0;
      if (this.#complaint?.code === 'key_needed') this.#speak();
    });
    scope.on(this.#speaker.bridge, 'warning', ({ detail }) => this.#status.remark(detail.message));
    scope.on(this.#speaker.bridge, 'error', ({ detail: { error } }) => {
      this.#complaint = error;
      this.#status.complain(error, { retry: false });
    });
    scope.on(window, 'offline', () => !this.#speaker.active && this.#status.show('offline'));
    scope.on(window, 'online', () => this.#status.state === 'offline' && this.#status.show('ready'));
  }

  #load() {
    this.#status.show('loading');
    this.#status.calm();
    this.studio.load();
  }

  #miss() {
    const { message, hint } = this.studio.fault;
    this.#complain({ code: 'lists', message, hint });
  }

  #offer() {
    if (!this.studio.stocked) return;
    this.#voices.offer(this.studio.models, this.studio.voices, {
      model: this.#voices.model?.id ?? chosenModel.get(),
      voice: this.#voices.voiceId || chosenVoice.get(),
    });
    if (this.#status.state === 'loading' || this.#complaint?.code === 'lists') {
      this.#complaint = null;
      this.#status.calm();
      this.#status.show('ready');
    }
  }

  #chosen({ model, voice, voiceId }) {
    this.#options.model = model;
    const [name, other] = voice ? namesOf(voice) : [voiceId || model.name || model.id, ''];
    this.#composer.voice = { name: other ? `${name} ${other}` : name, language: voice?.language, model: model.name ?? model.id };
    chosenModel.set(model.id);
    chosenVoice.set(voiceId);
    this.#apply();
  }

  #apply() {
    if (!this.#voices.model) return;
    this.#speaker.use(this.#voices.model.id, { voice: this.#voices.voiceId || undefined, ...this.#options.fields });
  }

  /** Opens the session while the visitor is still about to click. */
  #warm() {
    if (!this.#voices.model || this.#speaker.active || performance.now() < this.#warmAgainAt) return;
    if (!this.#voices.voiceId && !this.#voices.modelIsVoice) return;
    this.#warmAgainAt = performance.now() + WARM_AGAIN_MS;
    this.#apply();
    this.#speaker.bridge.connect().then(
      () => (this.#warmAgainAt = 0),
      () => {}, // the click will say what is wrong
    );
  }

  #speak() {
    if (!this.#voices.model) {
      if (this.#status.state !== 'loading') this.#load();
      return;
    }
    if (this.#composer.text.trim() === '') {
      this.#complain({ code: 'empty' }, { retry: false });
      this.#composer.focusText();
      return;
    }
    if (!this.#voices.voiceId && !this.#voices.modelIsVoice) {
      this.#complain({ code: 'no_voice' }, { retry: false });
      return;
    }
    this.#status.calm();
    this.#speaker.stop();
    this.#apply();
    this.#speaker.speak(this.#composer.text, this.#options.sampleRate);
  }

  #show({ name, slots, error }) {
    this.#composer.active = this.#speaker.active;
    this.#status.show(name, slots);
    if (error) this.#complain(error);
  }

  #complain(error, how) {
    this.#complaint = error;
    this.#status.show('failed');
    this.#status.complain(error, how);
  }

  #showVoices() {
    const side = this.querySelector('#voices');
    side.scrollIntoView({ block: 'start' });
    side.focus({ preventScroll: true });
  }

  #save() {
    saveFile(this.#speaker.take.toWav(), `voicebridge-${stamp()}.wav`);
  }
}

customElements.define('vb-speak', Speak);
