import { bytesOf, outlineOf } from '../audio/outline.js';
import { differences } from '../describe.js';
import { i18n } from '../i18n.js';
import { complaint } from './complaint.js';
import { copyButton } from './copy.js';
import { VbElement, h, icon, svg } from './element.js';
import { PLAY, STOP } from './icons.js';

const BARS = 56;

/**
 * One take of a designed voice: hear it, see what was changed in its description, keep it or not. Events:
 * `discard`, `kept`.
 */
class TakeCard extends VbElement {
  /** @type {import('../studio.js').Studio} set before it enters the document, as are the next two */
  studio;
  /** @type {{number: number, id: string, voice: object, description: string, preview: {data: string, format: string}}} */
  take;
  /** The description of the take before; empty where there is none. */
  before = '';
  #blob;
  #bars = [];
  #button;
  #playing = null;
  #actions;
  #alert;

  build() {
    const { number, voice, preview } = this.take;
    const wav = bytesOf(preview?.data ?? '');
    this.#blob = new Blob([wav], { type: `audio/${preview?.format ?? 'wav'}` });
    const { peaks, ms } = outlineOf(wav, BARS);
    this.#button = h('button', { type: 'button', class: 'secondary round play' });
    this.scope.on(this.#button, 'click', () => (this.#playing ? this.stop() : this.play()));
    this.#actions = h('div', { class: 'take-actions' });
    this.#alert = h('div', { role: 'alert' });
    this.classList.add('card', 'take');
    this.setAttribute('role', 'group');
    this.say(this, 'design.take', { n: number }, 'aria-label');
    this.append(
      h(
        'div',
        { class: 'take-head' },
        this.say(h('h3'), 'design.take', { n: number }),
        h('span', { class: 'help' }, this.say(h('span'), 'design.seconds', { s: i18n.seconds(ms) }), ` · ${voice.target_model}`),
      ),
      h('div', { class: 'take-sound' }, this.#button, this.#outline(peaks)),
      this.#words(),
      this.#actions,
      this.#alert,
    );
    this.#button.hidden = wav.length === 0;
    this.#showButton();
    this.#offer();
  }

  get name() {
    return this.take.voice.name;
  }

  play() {
    if (this.#blob.size === 0) return;
    const clip = this.studio.play(this.#blob);
    this.#playing = clip;
    this.#showButton();
    const follow = () => {
      if (this.#playing !== clip) return;
      this.#showPlace(clip.audio.currentTime / clip.audio.duration);
      requestAnimationFrame(follow);
    };
    follow();
    clip.done.then(() => {
      if (this.#playing !== clip) return;
      this.#playing = null;
      this.#showPlace(0);
      this.#showButton();
    });
  }

  stop() {
    this.#playing?.stop();
  }

  #showButton() {
    const playing = this.#playing !== null;
    this.toggleAttribute('data-playing', playing);
    this.#button.replaceChildren(icon(playing ? STOP : PLAY));
    this.say(this.#button, playing ? 'design.stop' : 'design.play', { n: this.take.number }, 'aria-label');
  }

  #outline(peaks) {
    const picture = svg('svg', { viewBox: `0 0 ${BARS * 4} 40`, preserveAspectRatio: 'none', class: 'outline', 'aria-hidden': 'true' });
    this.#bars = peaks.map((peak, i) => {
      const height = Math.max(2, Math.sqrt(peak) * 38);
      return svg('rect', { x: i * 4 + 0.5, y: 20 - height / 2, width: 3, height, rx: 1.5 });
    });
    picture.append(...this.#bars);
    return picture;
  }

  #showPlace(share) {
    this.#bars.forEach((bar, i) => bar.classList.toggle('heard', i / BARS < share));
  }

  #words() {
    const text = h('p', { class: 'take-words' });
    if (!this.before || this.before === this.take.description) {
      text.append(this.take.description);
      return text;
    }
    for (const part of differences(this.before, this.take.description)) {
      if (part.kind === 'same') text.append(part.text);
      else text.append(h(part.kind === 'added' ? 'ins' : 'del', {}, part.text));
    }
    return text;
  }

  #offer() {
    const keep = this.say(h('button', { type: 'button', class: 'secondary small keep' }), 'design.keep');
    const discard = this.say(h('button', { type: 'button', class: 'link discard' }), 'design.discard');
    keep.addEventListener('click', () => this.#ask());
    discard.addEventListener('click', () => this.tell('discard'));
    this.#actions.replaceChildren(keep, discard);
  }

  #ask() {
    const id = `take-name-${this.take.number}`;
    const input = h('input', { type: 'text', id, required: true, maxlength: 100, autocomplete: 'off' });
    const done = this.say(h('button', { class: 'primary small' }), 'design.keepIt');
    const back = this.say(h('button', { type: 'button', class: 'link' }), 'pick.back');
    const form = h('form', { class: 'take-name' }, this.say(h('label', { for: id }), 'design.name'), input, h('div', { class: 'actions' }, done, back));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#keep(input.value.trim(), done);
    });
    back.addEventListener('click', () => {
      this.#offer();
      this.#actions.querySelector('.keep').focus();
    });
    this.#actions.replaceChildren(form);
    input.focus();
  }

  async #keep(name, button) {
    if (name === '' || button.disabled) return;
    button.disabled = true;
    this.#alert.replaceChildren();
    try {
      this.take.voice = await this.studio.library.edit(this.take.id, { keep: true, name });
    } catch (error) {
      button.disabled = false;
      this.#alert.replaceChildren(complaint(this, error));
      return;
    }
    this.#showKept(name);
    this.tell('kept');
  }

  #showKept(name) {
    const { id, target_model: model } = this.take.voice;
    const kept = h('p', { class: 'kept', tabindex: -1 }, this.say(h('span', { class: 'badge' }), 'design.kept'), ' ', h('b', {}, name));
    const ways = h('div', { class: 'actions' }, copyButton(this, () => id));
    if (this.studio.models.some((one) => one.id === model)) {
      ways.append(this.say(h('a', { href: `#/speak?voice=${encodeURIComponent(id)}` }), 'design.speak'));
    }
    this.setAttribute('data-kept', '');
    this.#actions.replaceChildren(kept, h('code', { class: 'voice-id' }, id), ways);
    kept.focus();
  }
}

customElements.define('vb-take', TakeCard);
