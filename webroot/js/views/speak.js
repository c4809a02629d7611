import { i18n } from '../i18n.js';
import strings from '../i18n/speak.js';
import { saveFile, stamp } from '../save.js';
import { chosenModel, chosenVoice } from '../memory.js';
import { check, plain } from '../speak/ssml.js';
import { Typing } from '../speak/typing.js';
import { cost, unitOf } from '../speak/usage.js';
import { WireLog } from '../speak/wire-log.js';
import '../ui/compare.js';
import '../ui/composer.js';
import { h } from '../ui/element.js';
import '../ui/happened.js';
import '../ui/options.js';
import '../ui/player.js';
import '../ui/reading.js';
import '../ui/status.js';
import { namesOf } from '../ui/voices.js';
import '../ui/wire.js';
import { View } from './view.js';

i18n.learn(strings);

/** After a failed attempt to connect ahead of time, so long until the next. */
const WARM_AGAIN_MS = 10_000;
/** Whoever types nothing for so long has come to the end of a word. */
const PAUSE_MS = 900;
/** Files that only the server can make. */
const MADE = { mp3: { type: 'audio/mpeg', ending: 'mp3' }, opus: { type: 'audio/ogg', ending: 'opus' } };

/** Any voice and model: type, hear, look at what happened. */
class Speak extends View {
  #composer;
  #status;
  #view;
  #reading;
  #voices;
  #options;
  #compare;
  #happened;
  #wire;
  #speaker;
  /** Makes the files. @type {import('../../client/voicebridge.js').Voicebridge | null} */
  #scribe = null;
  #making = false;
  #log = new WireLog();
  #typing = null;
  #pause = () => {};
  #moving = false;
  /** What the reading was last shown with. */
  #read = '';
  /** What the address asked for before the lists were there. @type {URLSearchParams | null} */
  #wish = null;
  #warmAgainAt = 0;
  #complaint = null;
  /** Whether the voice was chosen here, and not only remembered or suggested. */
  #byHand = false;

  build() {
    this.#speaker = this.studio.newSpeaker();
    this.#composer = h('vb-composer');
    this.#status = h('vb-status');
    this.#view = h('vb-player');
    this.#reading = h('vb-reading');
    this.#voices = h('vb-voices');
    this.#options = h('vb-options');
    this.#compare = h('vb-compare');
    this.#compare.studio = this.studio;
    this.#compare.ask = () => this.#forComparison();
    this.#happened = h('vb-happened');
    this.#wire = h('vb-wire');
    this.#wire.log = this.#log;
    const listening = h('section', { class: 'listening' }, this.#reading, this.#view);
    const side = h('section', { class: 'side', id: 'voices', tabindex: -1 }, this.#voices);
    this.say(listening, 'player.label', {}, 'aria-label');
    this.say(side, 'voices.label', {}, 'aria-label');
    const folds = [this.#fold('compare', this.#compare), this.#fold('happened', this.#happened), this.#fold('wire', this.#wire)];
    const elsewhere = this.say(h('a', { class: 'elsewhere', href: '#/use' }), 'use.current');
    this.scope.on(elsewhere, 'click', () => (elsewhere.href = this.#elsewhere()));
    this.append(h('div', { class: 'bench' }, h('div', { class: 'stage' }, this.#composer, listening, this.#options, ...folds, elsewhere), side));
    this.#composer.adopt(this.#status);
    this.#join();
    this.#offer();
    if (this.studio.fault) this.#miss();
  }

  open(wish) {
    this.#wish = wish;
    if (this.studio.stocked) this.#grant();
  }

  leave() {
    this.#speaker.stop();
    this.#compare.stop();
    this.#compare.cancel();
    this.#wish = null;
  }

  #fold(name, content) {
    return h('details', { class: 'card more', id: `${name}-fold` }, this.say(h('summary'), `fold.${name}`), content);
  }

  #join() {
    const { scope, studio } = this;
    scope.on(this.#composer, 'speak', () => this.#speak());
    scope.on(this.#composer, 'stop', () => this.#speaker.stop());
    scope.on(this.#composer, 'commit', () => this.#commit());
    scope.on(this.#composer, 'edit', () => this.#edited());
    scope.on(this.#composer, 'warm', () => this.#warm());
    scope.on(this.#composer, 'change-voice', () => this.#showVoices());
    scope.on(this.#composer, 'change-manner', () => this.#apply());
    scope.on(this.#status, 'retry', () => (this.#complaint?.code === 'lists' ? this.#load() : this.#speak()));
    scope.on(this.#view, 'save', ({ detail }) => this.#save(detail.format));
    scope.on(this.#view, 'again', () => this.#speaker.replay());
    scope.on(this.#voices, 'choose', ({ detail }) => this.#chosen(detail));
    scope.on(this.#options, 'change-options', () => this.#apply());
    scope.on(this.#options, 'change-gain', ({ detail }) => (this.#speaker.gain = detail.factor));
    scope.on(this.#options, 'change-ssml', ({ detail }) => (this.#composer.marked = detail.on));
    scope.on(this.#compare, 'complain', ({ detail }) => this.#complain(detail.error, { retry: false }));
    scope.on(this.querySelector('#wire-fold'), 'toggle', () => this.#wire.refresh());
    scope.on(this.#speaker, 'state', ({ detail }) => this.#show(detail));
    scope.on(this.#speaker, 'take', () => this.#view.show(this.#speaker.take));
    scope.on(this.#speaker, 'marks', () => {
      this.#happened.update();
      if (this.#speaker.take.unit) this.#count();
    });
    scope.on(this.#speaker, 'progress', ({ detail: { peak } }) => {
      this.#view.level = peak;
      this.#view.show(this.#speaker.take);
      this.#happened.progress();
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
    this.#listen(this.#speaker.bridge);
  }

  /** Writes down what goes over the wire. */
  #listen(bridge) {
    let greeted = true;
    this.scope.on(bridge, 'state', ({ detail }) => (greeted = detail.state !== 'open'));
    this.scope.on(bridge, 'session', ({ detail }) => {
      if (!greeted) this.#log.event('in', { type: 'session.created', session: detail.session });
      greeted = true;
    });
    this.scope.on(bridge, 'event', ({ detail }) => this.#log.event('in', detail.event));
    this.scope.on(bridge, 'sent', ({ detail }) => this.#log.event('out', detail.event));
    this.scope.on(bridge, 'frame', ({ detail }) => this.#log.frame(detail.bytes));
    this.scope.on(bridge, 'closed', ({ detail }) => this.#log.event('in', { type: 'close', code: detail.code, reason: detail.reason }));
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
      // What is remembered may come later than the first lists: it holds until another is chosen.
      model: (this.#byHand ? null : chosenModel.get()) || this.#voices.model?.id,
      voice: (this.#byHand ? null : chosenVoice.get()) || this.#voices.voiceId,
    });
    this.#grant();
    if (this.#status.state === 'loading' || this.#complaint?.code === 'lists') {
      this.#complaint = null;
      this.#status.calm();
      this.#status.show('ready');
    }
  }

  /** What the address asks for: a voice, perhaps with a model, or a profile. */
  #grant() {
    const profile = this.studio.profiles.get(this.#wish?.get('profile'));
    const id = profile?.voice ?? this.#wish?.get('voice');
    const voice = this.studio.voices.find((one) => one.id === id);
    const model = profile?.model || this.#wish?.get('model') || (voice && this.studio.modelFor(voice));
    if (!model && !profile) return;
    // An own voice comes a little later than those of the system.
    if (voice || !id) this.#wish = null;
    this.#byHand = true; // who asks in the address means it
    this.#voices.offer(this.studio.models, this.studio.voices, { model, voice: id ?? '' });
    if (profile) this.#options.adopt(profile);
  }

  #chosen({ model, voice, voiceId, byHand }) {
    this.#options.model = model;
    const [name, other] = voice ? namesOf(voice) : [voiceId || model.name || model.id, ''];
    const whole = other ? `${name} ${other}` : name;
    this.#composer.voice = { name: whole, language: voice?.language, model: model.name ?? model.id };
    this.#compare.firstVoice = whole;
    if (byHand) {
      this.#byHand = true;
      chosenModel.set(model.id);
      chosenVoice.set(voiceId);
    }
    this.#apply();
  }

  /** Code for what is set here. */
  #elsewhere() {
    const { model, voiceId: voice } = this.#voices;
    const fields = Object.entries({ voice, model: model?.id, text: this.#composer.text, ...this.#options.fields });
    return `#/use?${new URLSearchParams(fields.filter(([, value]) => value !== undefined && value !== ''))}`;
  }

  #apply() {
    const { model } = this.#voices;
    if (!model) return;
    const mode = this.#composer.manner === 'typing' ? 'server_commit' : 'commit';
    this.#speaker.use(model.id, { voice: this.#voices.voiceId || undefined, mode, ...this.#options.fields });
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

  /** Whether there is something to say and somebody to say it; says why not. */
  #mayGo({ typing = false } = {}) {
    if (!this.#voices.model) {
      if (this.#status.state !== 'loading') this.#load();
      return false;
    }
    const { text } = this.#composer;
    const refuse = (error) => {
      this.#complain(error, { retry: false });
      return false;
    };
    if (text.trim() === '' && !typing) {
      this.#composer.focusText();
      return refuse({ code: 'empty' });
    }
    if (!this.#voices.voiceId && !this.#voices.modelIsVoice) return refuse({ code: 'no_voice' });
    if (this.#options.fault) return refuse({ code: 'instruction' });
    const wrong = this.#options.ssml ? check(text) : null;
    if (wrong) {
      this.#composer.point(wrong.at);
      return refuse({ code: 'ssml', message: i18n.t(`ssml.${wrong.problem}`, { what: wrong.what, n: wrong.at + 1 }) });
    }
    return true;
  }

  #speak() {
    const typing = this.#composer.manner === 'typing';
    if (!this.#mayGo({ typing })) return;
    this.#status.calm();
    this.#compare.stop();
    this.#wish = null;
    this.#speaker.stop();
    this.#apply();
    if (typing) {
      this.#typing = new Typing();
      this.#speaker.write(this.#options.sampleRate);
    } else {
      this.#speaker.speak(this.#composer.text, this.#options.sampleRate);
    }
    const { model } = this.#voices;
    const fields = { voice: this.#voices.voiceId || undefined, ...this.#options.fields };
    Object.assign(this.#speaker.take, { model, fields, unit: unitOf(model), rate: this.#options.speechRate, ssml: this.#options.ssml });
    this.#view.formats = ['wav', 'pcm', ...Object.keys(MADE).filter((format) => (model.formats ?? []).includes(format))];
    if (typing) {
      this.#type();
      this.#composer.focusText();
    }
    this.#count();
    this.#happened.follow(this.#speaker.take);
    this.#follow();
  }

  #edited() {
    if (this.#speaker.writing) this.#type();
  }

  /** Sends what has been typed since. */
  #type(all = false) {
    const { text } = this.#composer;
    if (this.#typing.agrees(text)) this.#status.calm();
    else this.#status.note('typing.sent');
    this.#speaker.append(this.#typing.next(text, all));
    this.#count();
    this.#pause();
    if (!all) this.#pause = this.scope.after(PAUSE_MS, () => this.#speaker.writing && this.#type(true));
  }

  #commit() {
    if (!this.#speaker.writing) return;
    this.#type(true);
    this.#speaker.commit();
    this.#composer.writing = this.#speaker.writing;
  }

  /** What the text of the present take counts for. */
  #count() {
    const { take } = this.#speaker;
    take.cost = cost(spokenOf(take), take.unit);
    this.#view.cost = take.characters ?? take.cost;
  }

  #show({ name, slots, error }) {
    this.#composer.active = this.#speaker.active;
    this.#composer.writing = this.#speaker.writing;
    this.#status.show(name, slots);
    if (this.#speaker.active) this.#follow();
    else if (name === 'completed') this.#reading.clear();
    if (error) this.#complain(error);
  }

  /** Keeps the word being heard in sight while anything is heard. */
  #follow() {
    if (this.#moving) return;
    this.#moving = true;
    const step = () => {
      const { active, take, positionMs } = this.#speaker;
      this.#moving = active;
      if (!take) return;
      this.#showReading(take);
      if (!active) return;
      if (take.samples > 0) this.#reading.move(positionMs);
      requestAnimationFrame(step);
    };
    step();
  }

  #showReading(take) {
    const text = spokenOf(take);
    const complete = take.status === 'completed';
    const version = `${take.words.length} ${complete} ${take.rate} ${text}`;
    if (version === this.#read) return;
    this.#read = version;
    this.#reading.show(text, { words: take.words, totalMs: complete ? take.totalMs : 0, rate: take.rate ?? 1 });
  }

  #forComparison() {
    if (!this.#mayGo()) return null;
    this.#status.calm();
    const { text } = this.#composer;
    return {
      model: this.#voices.model,
      voiceId: this.#voices.voiceId,
      textFor: (model) => (this.#options.ssml && !(model.abilities ?? []).includes('enable_ssml') ? plain(text) : text),
      rateWith: (model) => this.#options.rateWith(model),
      fieldsFor: (model, rate) => ({ ...this.#options.fieldsFor(model, rate), word_timestamps: undefined, mode: 'commit' }),
    };
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

  async #save(format) {
    const { take } = this.#speaker;
    if (format === 'wav') saveFile(take.toWav(), `voicebridge-${stamp()}.wav`);
    else if (format === 'pcm') saveFile(new Blob(take.chunks), `voicebridge-${stamp()}.pcm`);
    else await this.#make(take, format);
  }

  /** The server makes no second format of what it has spoken: it speaks the text once more. */
  async #make(take, format) {
    this.#scribe ??= this.studio.newBridge();
    if (this.#making) return;
    this.#making = true;
    this.#scribe.model = take.model.id;
    this.#scribe.update({ ...take.fields, word_timestamps: undefined, mode: 'commit', response_format: format });
    const speech = this.#scribe.speak(take.text);
    const chunks = [];
    this.#view.making(format, 0);
    speech.addEventListener('audio', ({ detail }) => {
      chunks.push(detail.pcm);
      this.#view.making(format, speech.audioBytes);
    });
    const { status, error } = await speech.done;
    this.#making = false;
    this.#view.made();
    const { type, ending } = MADE[format];
    if (status === 'completed') saveFile(new Blob(chunks, { type }), `voicebridge-${stamp()}.${ending}`);
    else this.#complain(error ?? { code: 'file' }, { retry: false });
  }
}

function spokenOf(take) {
  return take.ssml ? plain(take.text) : take.text;
}

customElements.define('vb-speak', Speak);
