import { i18n } from '../i18n.js';
import { matched, speechLevel, toDb } from '../speak/level.js';
import { record } from '../take.js';
import { VbElement, h } from './element.js';
import './voice-pick.js';
import { namesOf } from './voices.js';

/**
 * Two voices with the same text, equally loud, one click apart. Events: `complain {error}`.
 */
class Compare extends VbElement {
  /** @type {import('../studio.js').Studio} set before it enters the document */
  studio;
  /**
   * What the page would speak with; set before it enters the document.
   *
   * @type {() => {model: object, voiceId: string, textFor: (model: object) => string,
   *     rateWith: (model: object) => number, fieldsFor: (model: object, rate: number) => object} | null}
   */
  ask;
  #first;
  #pick;
  #blind;
  #make;
  #cancel;
  #stage;
  #sides;
  #play;
  #position;
  #told;
  #reveal;
  /** One for each voice, so that both speak at once. */
  #bridges;
  #speaker;
  /** What was recorded: takes, names, factors; in the order they are shown. */
  #pair = null;
  #side = 0;
  #busy = false;
  #cancelled = false;

  build() {
    this.#bridges = [this.studio.newBridge(), this.studio.newBridge()];
    this.#speaker = this.studio.newSpeaker();
    this.#first = h('span', { class: 'voice-name', id: 'compare-first' });
    this.#pick = h('vb-voice-pick');
    this.#pick.studio = this.studio;
    this.#blind = h('input', { type: 'checkbox', id: 'blind' });
    this.#make = this.say(h('button', { type: 'button', class: 'primary', id: 'compare-make' }), 'compare.make');
    this.#cancel = this.say(h('button', { type: 'button', class: 'secondary', id: 'compare-cancel', hidden: true }), 'compare.cancel');
    this.#told = h('p', { class: 'help', role: 'status', id: 'compare-told' });
    this.#sides = [0, 1].map((side) => {
      const button = h('button', { type: 'button', class: 'segment', id: `side-${side + 1}`, 'aria-pressed': 'false' });
      this.scope.on(button, 'click', () => this.#turnTo(side));
      return button;
    });
    this.#play = h('button', { type: 'button', class: 'secondary', id: 'compare-play' });
    this.#position = this.say(h('input', { type: 'range', min: 0, max: 1, step: 0.001, value: 0, id: 'compare-position' }), 'compare.position', {}, 'aria-label');
    this.#reveal = this.say(h('button', { type: 'button', class: 'link', id: 'reveal', hidden: true }), 'compare.reveal');
    this.#stage = h(
      'div',
      { class: 'compare-stage', hidden: true },
      h('div', { class: 'actions' }, this.#play, this.say(h('div', { role: 'group', class: 'segments' }, ...this.#sides), 'compare.which', {}, 'aria-label'), this.#reveal),
      this.#position,
    );
    this.append(
      this.say(h('p', { class: 'help' }), 'compare.help'),
      h(
        'div',
        { class: 'compare-voices' },
        h('div', { class: 'field' }, this.say(h('span', { class: 'row-label' }), 'compare.first'), h('span', { class: 'pick still' }, this.#first)),
        h('div', { class: 'field' }, this.say(h('span', { class: 'row-label' }), 'compare.second'), this.#pick),
      ),
      h('label', { class: 'check' }, this.#blind, h('span', {}, this.say(h('span'), 'compare.blind'), this.say(h('span', { class: 'help' }), 'compare.blind.help'))),
      h('div', { class: 'actions' }, this.#make, this.#cancel),
      this.#told,
      this.#stage,
    );
    this.scope.on(this.#make, 'click', () => this.#record());
    this.scope.on(this.#cancel, 'click', () => this.cancel());
    this.scope.defer(() => this.cancel());
    this.scope.on(this.#play, 'click', () => (this.#speaker.active ? this.#speaker.stop() : this.#start(this.#atEnd ? 0 : this.#fraction)));
    this.scope.on(this.#position, 'input', () => this.#speaker.active && this.#start(this.#fraction));
    this.scope.on(this.#reveal, 'click', () => this.#tellWhich());
    this.scope.on(this.#speaker, 'progress', () => this.#move());
    this.scope.on(this.#speaker, 'state', () => this.#showPlaying());
  }

  translate() {
    super.translate();
    this.#showPair();
    this.#showPlaying();
  }

  /** The page's own voice is another one. */
  set firstVoice(name) {
    this.#first.textContent = name;
  }

  /** Silence; what is being made is made. */
  stop() {
    this.#speaker.stop();
  }

  /** What is being made isn't wanted any more. */
  cancel() {
    if (!this.#busy) return;
    this.#cancelled = true;
    for (const bridge of this.#bridges) bridge.cancel();
  }

  get #fraction() {
    return Number(this.#position.value);
  }

  get #atEnd() {
    return this.#fraction >= 0.999;
  }

  async #record() {
    if (this.#busy) return;
    const own = this.ask();
    if (!own) return; // the page has said why
    const { model: otherModel, voiceId: otherVoice } = this.#pick.value;
    const other = this.studio.models.find((model) => model.id === otherModel);
    if (!other) {
      this.tell('complain', { error: { code: 'no_second' } });
      return;
    }
    this.#speaker.stop();
    this.#speaker.take = null;
    this.#busy = true;
    this.#cancelled = false;
    this.#make.setAttribute('aria-disabled', 'true');
    this.#cancel.hidden = false;
    this.#stage.hidden = true;
    this.say(this.#told, 'compare.making');
    const rate = own.rateWith(other);
    const voices = [[own.model, own.voiceId], [other, otherVoice]];
    try {
      const takes = await Promise.all(
        voices.map(([model, voiceId], i) => {
          const bridge = this.#bridges[i];
          bridge.model = model.id;
          bridge.update({ ...own.fieldsFor(model, rate), voice: voiceId || undefined });
          return record(bridge, own.textFor(model));
        }),
      );
      if (this.#cancelled) throw new Error('cancelled');
      const factors = matched(...takes.map((take) => speechLevel(take.chunks, take.sampleRate)));
      this.#pair = takes.map((take, i) => ({ take, factor: factors[i], name: this.#nameOf(...voices[i]) }));
      if (this.#blind.checked && Math.random() < 0.5) this.#pair.reverse();
      this.#reveal.hidden = !this.#blind.checked;
      this.#side = 0;
      this.#position.value = 0;
      this.#stage.hidden = false;
      this.#showPair();
      this.#play.focus();
    } catch (error) {
      this.#pair = null;
      this.say(this.#told, this.#cancelled ? 'compare.cancelled' : 'state.failed');
      if (!this.#cancelled) this.tell('complain', { error });
    } finally {
      for (const bridge of this.#bridges) bridge.close(); // the other half of a failure, too
      this.#busy = false;
      if (document.activeElement === this.#cancel) this.#make.focus();
      this.#cancel.hidden = true;
      this.#make.removeAttribute('aria-disabled');
    }
  }

  #nameOf(model, voiceId) {
    const voice = this.studio.voices.find((one) => one.id === voiceId);
    return voice ? namesOf(voice)[0] : voiceId || model.id;
  }

  #turnTo(side) {
    this.#side = side;
    this.#showPair();
    if (this.#speaker.active) this.#start(this.#fraction);
  }

  /** The voices needn't be equally fast: a place in the text is the same part of the whole. */
  #start(fraction) {
    const { take, factor } = this.#pair[this.#side];
    this.#speaker.stop();
    this.#speaker.gain = factor;
    this.#speaker.play(take, fraction * take.totalMs);
  }

  #move() {
    const { take } = this.#speaker;
    if (take?.totalMs > 0 && this.#speaker.active) this.#position.value = take.playedMs / take.totalMs;
    else if (this.#speaker.state === 'completed') this.#position.value = 1;
  }

  #tellWhich() {
    this.#reveal.hidden = true;
    this.#showPair();
    this.#sides[this.#side].focus();
  }

  #showPair() {
    if (!this.#pair) return;
    const hidden = !this.#reveal.hidden;
    this.#sides.forEach((button, side) => {
      button.textContent = hidden ? i18n.t('compare.side', { n: side + 1 }) : this.#pair[side].name;
      button.setAttribute('aria-pressed', String(side === this.#side));
      button.dataset.gainDb = toDb(this.#pair[side].factor).toFixed(2);
    });
    const [a, b] = this.#pair.map(({ factor }) => i18n.decibels(toDb(factor)));
    const [first, second] = this.#sides.map((button) => button.textContent);
    this.say(this.#told, 'compare.level', { first, second, a, b });
  }

  #showPlaying() {
    this.say(this.#play, this.#speaker.active ? 'composer.stop' : 'compare.play');
  }
}

customElements.define('vb-compare', Compare);
