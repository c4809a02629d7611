import { i18n } from '../i18n.js';
import { VbElement, h } from './element.js';

/** So many rows are drawn; who has more voices searches. */
const MOST_ROWS = 200;
const DIALECTS = ['qwen', 'cosyvoice', 'sambert'];

/** Model and voice. Event: `choose {model, voice, voiceId, byHand}` when either changes; `byHand`
 * where the visitor did it, not the lists. */
class Voices extends VbElement {
  #models = [];
  #voices = [];
  #model = null;
  #voiceId = '';
  #select;
  #search;
  #list;
  #found;
  #note;
  #own;
  #ownInput;
  #searchBox;
  #group;

  build() {
    // More than one of it may be on the page; the first has the plain names.
    const more = document.querySelectorAll('vb-voices').length;
    const id = (name) => (more > 1 ? `${name}-${more}` : name);
    this.#group = id('voice');
    this.#select = h('select', { id: id('model') });
    this.#search = h('input', { id: id('voice-search'), type: 'search', autocomplete: 'off', spellcheck: 'false' });
    this.say(this.#search, 'voices.searchPlaceholder', {}, 'placeholder');
    this.#found = h('output', { class: 'found', for: id('voice-search') });
    this.#list = h('fieldset', { class: 'voice-list' });
    this.#note = h('p', { class: 'help', hidden: true });
    this.#ownInput = h('input', { id: id('voice-id'), type: 'text', autocomplete: 'off', spellcheck: 'false' });
    this.#own = h('div', { class: 'field', hidden: true }, this.say(h('label', { for: id('voice-id') }), 'voices.id'), this.#ownInput);
    this.#searchBox = h(
      'div',
      { class: 'field search' },
      h('div', { class: 'field-head' }, this.say(h('label', { for: id('voice-search') }), 'voices.search'), this.#found),
      this.#search,
    );
    this.append(
      h('div', { class: 'field' }, this.say(h('label', { for: id('model') }), 'voices.model'), this.#select),
      this.#searchBox,
      this.#note,
      this.#own,
      this.#list,
    );
    this.scope.on(this.#select, 'change', () => this.#chooseModel(this.#select.value));
    this.scope.on(this.#search, 'input', () => this.#showVoices());
    this.scope.on(this.#ownInput, 'change', () => this.#chooseVoice(this.#ownInput.value.trim()));
    this.scope.on(this.#list, 'change', (event) => this.#chooseVoice(event.target.value));
  }

  translate() {
    super.translate();
    this.#showModels();
    this.#showVoices();
  }

  get model() {
    return this.#model;
  }

  /** The chosen voice's record; null where the model is the voice or the id is the visitor's own. */
  get voice() {
    return this.#offered().find((voice) => voice.id === this.#voiceId) ?? null;
  }

  get voiceId() {
    return this.#voiceId;
  }

  /** Whether this model can speak without a voice being named. */
  get modelIsVoice() {
    return dialectOf(this.#model) === 'sambert';
  }

  /** Shows the lists, with the remembered or the first sensible choice. */
  offer(models, voices, { model, voice } = {}) {
    this.#models = models;
    this.#voices = voices;
    this.#voiceId = voice ?? '';
    const known = (id) => models.find((one) => one.id === id);
    this.#model = known(model) ?? known('qwen3-tts-flash-realtime') ?? models.find((one) => this.#of(one).length > 0) ?? models[0] ?? null;
    this.#settleVoice();
    this.#showModels();
    this.#showVoices();
    this.#tellChoice(false);
  }

  #chooseModel(id) {
    this.#model = this.#models.find((model) => model.id === id) ?? null;
    this.#settleVoice();
    this.#search.value = '';
    this.#showVoices();
    this.#tellChoice();
  }

  #chooseVoice(id) {
    this.#voiceId = id;
    const elsewhere = this.#ownElsewhere().find((voice) => voice.id === id);
    if (elsewhere) {
      this.#model = this.#models.find((model) => elsewhere.models.includes(model.id)) ?? this.#model;
      this.#select.value = this.#model.id;
      this.#showVoices();
      this.#list.querySelector(':checked')?.focus();
    }
    this.#tellChoice();
  }

  #tellChoice(byHand = true) {
    if (this.#model) this.tell('choose', { model: this.#model, voice: this.voice, voiceId: this.#voiceId, byHand });
  }

  /** Keeps the voice across models where it can stay. */
  #settleVoice() {
    const offered = this.#offered();
    if (offered.some((voice) => voice.id === this.#voiceId)) return;
    const own = this.#voiceId !== '' && !this.#voices.some((voice) => voice.id === this.#voiceId);
    if (own && offered.length === 0 && !this.modelIsVoice) return;
    const standard = offered.find((voice) => voice.id === this.#model?.default_voice) ?? offered[0];
    this.#voiceId = standard?.id ?? '';
  }

  #of(model) {
    return this.#voices.filter((voice) => (voice.models ?? []).includes(model.id));
  }

  #offered() {
    return this.#model ? this.#of(this.#model) : [];
  }

  /** The visitor's voices that speak with another model than the chosen one. */
  #ownElsewhere() {
    return this.#voices.filter((voice) => voice.own && !voice.models.includes(this.#model?.id));
  }

  #showModels() {
    const groups = new Map();
    for (const model of this.#models) {
      const dialect = dialectOf(model);
      if (!groups.has(dialect)) groups.set(dialect, h('optgroup', { label: i18n.t(`dialect.${dialect}`) }));
      groups.get(dialect).append(h('option', { value: model.id }, model.name ?? model.id));
    }
    this.#select.replaceChildren(...groups.values());
    if (this.#model) this.#select.value = this.#model.id;
  }

  #showVoices() {
    const offered = this.#offered();
    const query = this.#search.value.trim();
    const own = [...offered.filter((voice) => voice.own), ...this.#ownElsewhere()];
    const matching = [...own, ...offered.filter((voice) => !voice.own)].filter((voice) => matches(voice, query));
    const legend = h('legend', { class: 'visually-hidden' }, i18n.t('voices.list'));
    this.#list.replaceChildren(legend, ...matching.slice(0, MOST_ROWS).map((voice) => this.#row(voice)));
    const none = offered.length === 0;
    this.#searchBox.hidden = none && own.length === 0;
    this.#list.hidden = none && own.length === 0;
    this.#own.hidden = !none || !this.#model || this.modelIsVoice;
    this.#found.textContent = matching.length === 1 ? i18n.t('voices.countOne') : i18n.t('voices.count', { n: matching.length });
    this.#note.hidden = !this.#model || (matching.length > 0 && !none);
    if (!this.#note.hidden) this.#note.textContent = this.#remark(none && (matching.length > 0 || own.length === 0), query);
    this.#ownInput.value = none ? this.#voiceId : '';
  }

  #remark(none, query) {
    if (!none) return i18n.t('voices.none', { query });
    return i18n.t(this.modelIsVoice ? 'voices.modelIsVoice' : 'voices.own');
  }

  #row(voice) {
    const chinese = i18n.language === 'zh';
    const [first, second] = namesOf(voice);
    const radio = h('input', { type: 'radio', name: this.#group, value: voice.id });
    radio.checked = voice.id === this.#voiceId;
    const traits = [
      voice.gender && i18n.has(`voices.${voice.gender}`) ? i18n.t(`voices.${voice.gender}`) : null,
      voice.language ? i18n.languageName(voice.language) : null,
    ].filter(Boolean);
    const keywords = (chinese ? voice.keywords_zh : voice.keywords_en) ?? voice.keywords_zh ?? voice.keywords_en;
    const name = h('span', { class: 'names' }, h('b', {}, first));
    if (voice.own) name.append(' ', h('span', { class: 'badge' }, i18n.t('voices.yours')));
    if (second) name.append(' ', h('span', { class: 'second', lang: chinese ? 'en' : 'zh-CN' }, second));
    return h(
      'label',
      { class: 'voice' },
      radio,
      h(
        'span',
        { class: 'voice-text' },
        h('span', { class: 'voice-head' }, name, h('span', { class: 'traits' }, traits.join(' · '))),
        h('span', { class: 'keywords' }, voice.own ? voice.models.join(', ') : listed(keywords, chinese)),
      ),
    );
  }
}

/** A voice's names, the page's language first. */
export function namesOf(voice) {
  const { name, name_zh: zh } = voice;
  if (!zh || zh === name) return [name, ''];
  return i18n.language === 'zh' ? [zh, name] : [name, zh];
}

function listed(keywords, chinese) {
  if (!keywords) return '';
  const words = Array.isArray(keywords) ? keywords : keywords.split(chinese ? /[\s、，,]+/ : /,\s*/);
  return words.join(chinese ? '、' : ', ');
}

function dialectOf(model) {
  const dialect = (model?.dialect ?? '').toLowerCase();
  return DIALECTS.find((known) => dialect.includes(known)) ?? 'other';
}

function matches(voice, query) {
  if (query === '') return true;
  const words = [voice.id, voice.name, voice.name_zh, voice.keywords_zh, voice.keywords_en, voice.language]
    .concat(voice.language ? i18n.languageName(voice.language) : [])
    .concat(voice.gender && i18n.has(`voices.${voice.gender}`) ? i18n.t(`voices.${voice.gender}`) : [])
    .flat()
    .filter(Boolean)
    .join(' ')
    .toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((part) => words.split(/[\s,、·]+/).some((word) => word.startsWith(part)) || (part.length > 1 && words.includes(part)));
}

customElements.define('vb-voices', Voices);
