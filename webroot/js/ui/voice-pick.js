import { VbElement, h, icon } from './element.js';
import { DOWN } from './icons.js';
import { namesOf } from './voices.js';

/**
 * A voice and its model in one button; a click opens the whole list. Event: `pick {model, voiceId, voice}`
 * (records of the lists; `voice` is null where the model is the voice).
 */
class VoicePick extends VbElement {
  /** @type {import('../studio.js').Studio} set before it enters the document */
  studio;
  /** @type {{model: string, voiceId: string}} */
  #value = { model: '', voiceId: '' };
  #button;
  #name;
  #dialog;
  #voices;

  build() {
    this.#name = h('span', { class: 'voice-name' });
    this.#button = h('button', { type: 'button', class: 'pick', 'aria-haspopup': 'dialog' }, this.#name, icon(DOWN));
    this.#dialog = h('dialog', { class: 'picker' });
    this.append(this.#button, this.#dialog);
    this.scope.on(this.#button, 'click', () => this.#ask());
    this.scope.on(this.studio, 'stock', () => this.#show());
    this.#show();
  }

  translate() {
    super.translate();
    this.#show();
  }

  get value() {
    return this.#value;
  }

  /** @param {{model: string, voiceId: string}} value ids; nothing is told about it */
  set value(value) {
    this.#value = value;
    if (this.#button) this.#show();
  }

  #show() {
    const voice = this.studio.voices.find((one) => one.id === this.#value.voiceId);
    const words = voice ? namesOf(voice).filter(Boolean).join(' ') : this.#value.voiceId || this.#value.model;
    if (words) this.#name.textContent = words;
    else this.say(this.#name, 'pick.none');
    this.#button.title = this.#value.model;
  }

  #ask() {
    this.#voices = h('vb-voices');
    let chosen = null;
    const done = this.say(h('button', { type: 'button', class: 'primary' }), 'pick.done');
    const back = this.say(h('button', { type: 'button', class: 'secondary' }), 'pick.back');
    const title = this.say(h('h2'), 'pick.title');
    this.#dialog.replaceChildren(title, this.#voices, h('div', { class: 'actions' }, done, back));
    this.#voices.addEventListener('choose', ({ detail }) => (chosen = detail));
    this.#voices.offer(this.studio.models, this.studio.voices, { model: this.#value.model, voice: this.#value.voiceId });
    done.onclick = () => {
      this.#dialog.close();
      if (!chosen) return;
      this.value = { model: chosen.model.id, voiceId: chosen.voiceId };
      this.tell('pick', chosen);
    };
    back.onclick = () => this.#dialog.close();
    this.#dialog.onclose = () => this.#dialog.replaceChildren();
    this.#dialog.showModal();
  }
}

customElements.define('vb-voice-pick', VoicePick);
