import { i18n } from '../i18n.js';
import strings from '../i18n/library.js';
import { underWay } from '../library.js';
import { providerName } from '../providers.js';
import { phraseFor } from '../samples.js';
import { FILTERS, addressOf, entriesOf, sift, tagsOf, wishOf } from '../shelf.js';
import { complaint } from '../ui/complaint.js';
import { h } from '../ui/element.js';
import '../ui/long-list.js';
import { VoiceRow } from '../ui/voice-row.js';
import '../ui/voice-sheet.js';
import { View } from './view.js';

i18n.learn(strings);

/** While a vendor is at work on a voice, the list is asked for again. */
const LOOK_AGAIN_MS = 5_000;

/** Every voice that there is: find it, hear it, look after it. */
class LibraryView extends View {
  #entries = [];
  #languageName = (tag) => tag;
  #found = [];
  #wish = {};
  #selected = new Set();
  #speaker;
  #sounding = null;
  #search;
  #selects = {};
  #filters;
  #fold;
  #count;
  #clear;
  #list;
  #sheet;
  #notice;
  #alert;
  #quota;
  #empty;
  #none;
  #batch;
  #batchCount;
  #tag;
  #open = false;
  /** Whether the complaint is that the lists did not come. */
  #listless = false;

  build() {
    const { scope, studio } = this;
    this.#speaker = studio.newSpeaker();
    this.#notice = h('div', { role: 'status' });
    this.#alert = h('div', { role: 'alert', class: 'library-alert' });
    this.#quota = h('ul', { class: 'quota' });
    this.#empty = this.#emptyCard();
    this.#none = this.say(h('p', { class: 'none', hidden: true }), 'library.none');
    this.#list = h('vb-long-list', { tabindex: -1 });
    this.say(this.#list, 'library.list', {}, 'aria-label');
    this.#list.newRow = () =>
      new VoiceRow(
        (type, entry, detail) => this.#act(type, entry, detail),
        (entry) => ({ playing: this.#sounding === entry.key, selected: this.#selected.has(entry.key) }),
      );
    this.#sheet = h('vb-voice-sheet');
    this.#sheet.studio = studio;
    this.append(
      h('div', { class: 'lead library-head' }, h('div', {}, this.say(h('h2'), 'library.title'), this.say(h('p', { class: 'help' }), 'library.lead')), this.#quota),
      this.#notice,
      this.#empty,
      h('section', { class: 'card shelf' }, this.#finding(), this.#batchBar(), this.#alert, this.#none, this.#list),
      this.#sheet,
    );
    scope.on(studio, 'stock', () => this.#stock());
    scope.on(studio, 'unstocked', () => this.#miss());
    if (studio.fault) this.#miss();
    scope.on(studio.bin, 'change', () => this.#stock());
    scope.on(studio.bin, 'failed', ({ detail }) => this.#complain(detail.cause));
    scope.on(this.#sheet, 'remove', ({ detail }) => this.#remove([detail.voice]));
    scope.on(this.#speaker, 'state', ({ detail }) => this.#heard(detail));
    scope.on(studio.player, 'played', ({ detail }) => (this.dataset.soundingSamples = detail.soundingSamples));
    scope.every(LOOK_AGAIN_MS, () => {
      if (this.#open && document.visibilityState === 'visible' && studio.ownVoices.some(underWay)) studio.refresh();
    });
  }

  translate() {
    super.translate();
    this.#stock();
  }

  open(wish) {
    this.#open = true;
    const wanted = wishOf(wish);
    // The bare address leads back to where one was.
    if (Object.keys(wanted).length > 0) this.#wish = wanted;
    this.#search.value = this.#wish.q ?? '';
    this.#showAddress();
    this.#sift();
    if (this.studio.stocked) this.studio.refresh();
  }

  leave() {
    this.#open = false;
    this.#speaker.stop();
    this.#sheet.close();
  }

  // Finding

  #finding() {
    this.#search = h('input', { id: 'library-search', type: 'search', autocomplete: 'off', spellcheck: 'false' });
    this.say(this.#search, 'library.searchHint', {}, 'placeholder');
    this.#count = h('output', { class: 'found', for: 'library-search' });
    this.#clear = this.say(h('button', { type: 'button', class: 'link', hidden: true }), 'library.clear');
    const fields = FILTERS.map((name) => {
      const select = h('select', { id: `library-${name}` });
      this.#selects[name] = select;
      this.scope.on(select, 'change', () => this.#want({ [name]: select.value }));
      return h('div', { class: 'field' }, this.say(h('label', { for: select.id }), `library.filter.${name}`), select);
    });
    this.#filters = h('div', { class: 'filters', id: 'library-filters' }, ...fields);
    this.#fold = h('button', { type: 'button', class: 'secondary small filters-button', 'aria-expanded': 'false', 'aria-controls': 'library-filters' });
    this.scope.on(this.#fold, 'click', () => this.#fold.setAttribute('aria-expanded', String(this.#filters.toggleAttribute('data-open'))));
    this.scope.on(this.#search, 'input', () => this.#want({ q: this.#search.value.trim() }));
    this.scope.on(this.#clear, 'click', () => {
      this.#search.value = '';
      this.#wish = {};
      this.#want({});
      this.#search.focus();
    });
    return h(
      'div',
      { class: 'finding', role: 'search' },
      h(
        'div',
        { class: 'field' },
        h('div', { class: 'field-head' }, this.say(h('label', { for: 'library-search' }), 'library.search'), h('span', {}, this.#count, ' ', this.#clear)),
        this.#search,
      ),
      this.#fold,
      this.#filters,
    );
  }

  #want(change) {
    this.#wish = Object.fromEntries(Object.entries({ ...this.#wish, ...change }).filter(([, value]) => value));
    this.#showAddress();
    this.#sift();
  }

  #showAddress() {
    history.replaceState(null, '', addressOf(this.#wish));
  }

  #stock() {
    if (!this.studio.stocked) return;
    if (this.#listless) this.#alert.replaceChildren();
    this.#listless = this.studio.ownFault !== null;
    if (this.#listless) this.#complain({ code: 'own', message: this.studio.ownFault.message, hint: this.studio.ownFault.hint }, () => this.studio.refresh());
    const { bin, ownVoices, systemVoices, models, library } = this.studio;
    const names = new Map();
    const languageName = (tag) => {
      if (!names.has(tag)) names.set(tag, i18n.languageName(tag));
      return names.get(tag);
    };
    this.#languageName = languageName;
    const own = ownVoices.filter((voice) => !bin.has(voice.id)).sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
    this.#entries = entriesOf(own, systemVoices, models, languageName);
    const keys = new Set(this.#entries.map((entry) => entry.key));
    for (const key of this.#selected) if (!keys.has(key)) this.#selected.delete(key);
    this.#empty.hidden = ownVoices.length > 0 || !library.listed;
    this.#showQuota(library.quota);
    this.#notice.replaceChildren(...(library.state === 'ok' ? [] : [h('p', { class: 'complaint mild' }, i18n.t(`library.health.${library.state}`))]));
    this.#sift();
  }

  #sift() {
    const { found, counts } = sift(this.#entries, this.#wish);
    this.#found = found;
    const all = this.#entries.length;
    this.#count.textContent = i18n.t(found.length === all ? 'library.all' : 'library.some', { n: found.length, all });
    this.#clear.hidden = Object.keys(this.#wish).length === 0;
    this.#none.hidden = found.length > 0 || all === 0;
    const active = FILTERS.filter((name) => this.#wish[name]).length;
    this.say(this.#fold, active > 0 ? 'library.filters' : 'library.noFilters', { n: active });
    for (const name of FILTERS) this.#showFilter(name, counts[name]);
    this.#list.items = found;
    this.#showBatch();
  }

  #showFilter(name, counts) {
    const select = this.#selects[name];
    const chosen = this.#wish[name] ?? '';
    if (chosen && !counts.has(chosen)) counts.set(chosen, 0);
    const options = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([value, n]) => [value, i18n.t('library.option', { name: this.#valueName(name, value), n })]);
    options.unshift(['', i18n.t('library.any')]);
    const told = JSON.stringify([options, chosen]);
    if (select.told === told) return;
    select.told = told;
    select.replaceChildren(...options.map(([value, words]) => h('option', { value, selected: value === chosen }, words)));
  }

  #valueName(filter, value) {
    if (filter === 'provider') return providerName(value);
    if (filter === 'language') return this.#languageName(value);
    if (filter === 'kind' || filter === 'status') return i18n.t(`library.${filter}.${value}`);
    return value;
  }

  #showQuota(quota) {
    const used = quota.filter((one) => one.used > 0 || one.warning);
    this.#quota.replaceChildren(
      ...used.map(({ provider, used: taken, places, warning }) => {
        const words = i18n.t('library.places', { provider: providerName(provider), used: taken, places });
        const meter = h('meter', { min: 0, max: places, value: taken, 'aria-label': words });
        return h('li', { class: warning ? 'quota-warning' : false }, h('span', {}, words), meter, ...(warning ? [h('span', {}, i18n.t('library.full'))] : []));
      }),
    );
  }

  #emptyCard() {
    return h(
      'section',
      { class: 'card empty', hidden: true },
      this.say(h('h3'), 'library.emptyTitle'),
      this.say(h('p', { class: 'help' }), 'library.emptyText'),
      h('div', { class: 'actions' }, this.say(h('a', { href: '#/clone', class: 'primary' }), 'library.toClone'), this.say(h('a', { href: '#/design', class: 'secondary' }), 'library.toDesign')),
    );
  }

  #miss() {
    const { message, hint } = this.studio.fault;
    this.#complain({ code: 'lists', message, hint }, () => this.studio.load());
    this.#listless = true;
  }

  // Doing

  #act(type, entry, detail) {
    switch (type) {
      case 'play':
        this.#play(entry);
        break;
      case 'open':
        this.#sheet.show(entry);
        break;
      case 'rename':
        this.#attempt(() => this.studio.library.edit(entry.id, { name: detail.name }));
        break;
      case 'select':
        if (detail.on) this.#selected.add(entry.key);
        else this.#selected.delete(entry.key);
        this.#showBatch();
        break;
    }
  }

  #play(entry) {
    const again = this.#sounding === entry.key;
    this.#speaker.stop();
    this.#sounding = null;
    this.#alert.replaceChildren();
    if (!again && entry.speaks) {
      const model = this.studio.models.find((one) => one.id === entry.speaks);
      const rate = model.default_sample_rate ?? 24_000;
      this.#speaker.use(model.id, { voice: entry.id, sample_rate: rate });
      this.#speaker.speak(firstSentence(phraseFor(entry.language[0]).text), rate);
      this.#sounding = entry.key;
    }
    this.#showRows();
  }

  #heard({ name, error }) {
    this.dataset.speech = name;
    if (error) this.#complain(error);
    if (this.#speaker.active || this.#sounding === null) return;
    this.#sounding = null;
    this.#showRows();
  }

  #remove(voices) {
    this.studio.bin.put(voices);
    this.#list.focus({ preventScroll: true }); // what had the focus is gone
  }

  #showRows() {
    for (const row of this.#list.children) row.show();
  }

  async #attempt(action) {
    this.#alert.replaceChildren();
    try {
      await action();
    } catch (error) {
      this.#complain(error);
    }
  }

  #complain(error, retry) {
    this.#alert.replaceChildren(complaint(this, error, retry));
  }

  // Many at once

  #batchBar() {
    this.#batchCount = h('b', {});
    this.#tag = h('input', { type: 'text', id: 'batch-tag', autocomplete: 'off', required: true });
    this.say(this.#tag, 'library.addTag', {}, 'placeholder');
    this.say(this.#tag, 'library.addTag', {}, 'aria-label');
    const tag = h('form', { class: 'batch-tag' }, this.#tag, this.say(h('button', { class: 'secondary small' }), 'library.add'));
    const all = this.say(h('button', { type: 'button', class: 'link', 'data-batch': 'all' }), 'library.selectAll');
    const none = this.say(h('button', { type: 'button', class: 'link', 'data-batch': 'none' }), 'library.selectNone');
    const remove = this.say(h('button', { type: 'button', class: 'secondary small danger', 'data-batch': 'delete' }), 'library.delete');
    this.#batch = h('div', { class: 'batch', role: 'group', hidden: true }, this.#batchCount, tag, remove, all, none);
    this.say(this.#batch, 'library.batch', {}, 'aria-label');
    this.scope.on(tag, 'submit', (event) => {
      event.preventDefault();
      this.#addTags(tagsOf(this.#tag.value));
    });
    this.scope.on(remove, 'click', () => this.#remove(this.#chosen));
    this.scope.on(all, 'click', () => this.#select(this.#found.filter((entry) => entry.own)));
    this.scope.on(none, 'click', () => this.#select([]));
    return this.#batch;
  }

  get #chosen() {
    return this.#entries.filter((entry) => this.#selected.has(entry.key)).map((entry) => entry.own);
  }

  #select(entries) {
    this.#selected = new Set(entries.map((entry) => entry.key));
    this.#showRows();
    this.#showBatch();
  }

  #showBatch() {
    const n = this.#selected.size;
    this.#batch.hidden = n === 0;
    this.#batchCount.textContent = i18n.t('library.selected', { n });
  }

  #addTags(tags) {
    this.#tag.value = '';
    this.#attempt(async () => {
      for (const voice of this.#chosen) await this.studio.library.edit(voice.id, { tags: [...new Set([...voice.tags, ...tags])] });
    });
  }
}

function firstSentence(text) {
  return text.match(/^.*?[.。!！?？]/u)?.[0] ?? text;
}

customElements.define('vb-library', LibraryView);
