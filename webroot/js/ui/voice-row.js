import { i18n } from '../i18n.js';
import { providerName } from '../providers.js';
import { copyText } from './copy.js';
import { h, icon } from './element.js';
import { COPY, MORE, PEN, PLAY, STOP } from './icons.js';

/**
 * One voice in the library. What is pressed in it is told by `act`: `play`, `open`, `rename {name}`, `select
 * {on}`.
 */
export class VoiceRow extends HTMLElement {
  #entry = null;
  #box = h('input', { type: 'checkbox', class: 'row-select' });
  #play = h('button', { type: 'button', class: 'secondary round play' });
  #name = h('button', { type: 'button', class: 'row-name' });
  #pen = h('button', { type: 'button', class: 'quiet-button pen' }, icon(PEN));
  #badges = h('span', { class: 'row-badges' });
  #meta = h('p', { class: 'row-meta' });
  #copy = h('button', { type: 'button', class: 'quiet-button row-copy' }, icon(COPY));
  #speak = h('a', { class: 'row-speak' });
  #more = h('button', { type: 'button', class: 'quiet-button more-button', 'aria-haspopup': 'dialog' }, icon(MORE));
  #title = h('div', { class: 'row-title' }, this.#name, this.#badges, this.#pen);
  #form = null;
  #playing = false;
  #marks = () => ({});
  #act;

  /**
   * @param {(type: string, entry: object, detail?: object) => void} act
   * @param {(entry: object) => {playing?: boolean, selected?: boolean}} marks
   */
  constructor(act, marks) {
    super();
    this.#act = act;
    this.#marks = marks;
    this.className = 'voice-row';
    this.#box.addEventListener('change', () => act('select', this.#entry, { on: this.#box.checked }));
    this.#play.addEventListener('click', () => act('play', this.#entry));
    this.#name.addEventListener('click', () => act('open', this.#entry));
    this.#more.addEventListener('click', () => act('open', this.#entry));
    this.#copy.addEventListener('click', () => copyText(this.#entry.id));
    this.#pen.addEventListener('click', () => this.#rename());
  }

  connectedCallback() {
    if (this.childElementCount === 0) this.append(this.#box, this.#play, h('div', { class: 'row-text' }, this.#title, this.#meta), this.#copy, this.#speak, this.#more);
  }

  get item() {
    return this.#entry;
  }

  set item(entry) {
    if (this.#form && entry.key !== this.#entry?.key) this.#endRename();
    this.#entry = entry;
    this.show();
  }

  /** Shows its voice anew. */
  show() {
    const { own, name, other, speaks } = this.#entry;
    const { playing = false, selected = false } = this.#marks(this.#entry);
    const label = (node, key) => node.setAttribute('aria-label', i18n.t(key, { name }));
    const [first, second] = i18n.language === 'zh' && other ? [other, name] : [name, other];
    this.dataset.voice = this.#entry.id;
    this.#name.replaceChildren(h('b', {}, first), ...(second ? [' ', h('span', { class: 'second' }, second)] : []));
    this.#badges.replaceChildren(...badges(this.#entry));
    this.#meta.textContent = meta(this.#entry);
    this.#box.hidden = this.#pen.hidden = !own;
    this.#box.checked = selected;
    label(this.#box, 'library.select');
    label(this.#pen, 'library.rename');
    label(this.#copy, 'library.copyId');
    label(this.#more, 'library.more');
    this.#speak.hidden = !speaks;
    this.#speak.href = `#/speak?voice=${encodeURIComponent(this.#entry.id)}`;
    this.#speak.textContent = i18n.t('library.speak');
    label(this.#speak, 'library.speakWith');
    this.#play.setAttribute('aria-disabled', String(!speaks));
    if (playing !== this.#playing || this.#play.childElementCount === 0) this.#play.replaceChildren(icon(playing ? STOP : PLAY));
    this.#playing = playing;
    this.toggleAttribute('data-playing', playing);
    this.#play.title = speaks ? '' : i18n.t('library.mute', { name });
    label(this.#play, playing ? 'library.stop' : speaks ? 'library.play' : 'library.mute');
  }

  #rename() {
    const input = h('input', { type: 'text', class: 'rename', maxlength: 100, required: true, autocomplete: 'off', 'aria-label': i18n.t('library.newName') });
    input.value = this.#entry.name;
    this.#form = h('form', {}, input);
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#rest(input.value.trim());
    });
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#rest('');
    });
    input.addEventListener('blur', () => this.#form && this.#rest(input.value.trim(), false));
    this.#title.hidden = true;
    this.#title.before(this.#form);
    input.select();
    input.focus();
  }

  #rest(name, focus = true) {
    const entry = this.#entry;
    this.#endRename();
    if (focus) this.#pen.focus();
    if (name !== '' && name !== entry.name) this.#act('rename', entry, { name });
  }

  #endRename() {
    const form = this.#form;
    this.#form = null;
    form.remove();
    this.#title.hidden = false;
  }
}

/** What should be seen at once. */
export function badges({ own, kind, status }) {
  const list = [];
  if (own && status !== 'ok') list.push(h('span', { class: `badge ${status === 'failed' ? 'alarm' : 'mild'}` }, i18n.t(`library.status.${status}`)));
  if (own) list.push(h('span', { class: 'badge' }, i18n.t(`library.kind.${kind}`)));
  if (own?.take) list.push(h('span', { class: 'badge mild' }, i18n.t('library.take')));
  if (own?.disused_warning) list.push(h('span', { class: 'badge alarm' }, i18n.t('library.disused')));
  return list;
}

function meta({ own, voice, provider, model, language, tag }) {
  const chinese = i18n.language === 'zh';
  const gender = voice?.gender && i18n.has(`voices.${voice.gender}`) ? i18n.t(`voices.${voice.gender}`) : '';
  const words = own ? tag.map((one) => `#${one}`).join(' ') : (chinese ? voice.keywords_zh : voice.keywords_en) || '';
  return [own ? model[0] : providerName(provider), gender, language.map((one) => i18n.languageName(one)).join(), words].filter(Boolean).join(' · ');
}

customElements.define('vb-voice-row', VoiceRow);
