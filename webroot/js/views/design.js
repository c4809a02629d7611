import { BAD, DIMENSIONS, GOOD, MOST, find, isPreviewText, press, previewText } from '../describe.js';
import { i18n } from '../i18n.js';
import strings from '../i18n/design.js';
import { description as draft } from '../memory.js';
import { providerName } from '../providers.js';
import { advice, complaint } from '../ui/complaint.js';
import { h, icon } from '../ui/element.js';
import { PLAY } from '../ui/icons.js';
import '../ui/take-card.js';
import { toast } from '../ui/toast.js';
import { View } from './view.js';

i18n.learn(strings);

const CHECK_AFTER_MS = 400;

/** From a description to a voice: describe, hear, compare, keep. */
class Design extends View {
  #description;
  #count;
  #verdict;
  #chips;
  #examples;
  #model;
  #language;
  #text;
  #textVerdict;
  #cost;
  #hear;
  #state;
  #alert;
  #takes;
  #takesHead;
  #caret = 0;
  #made = 0;
  #busy = false;
  #faults = { description: [], text: [] };
  /** What the faults are about, as one string; empty: nothing was checked since it was changed. */
  #judged = '';
  #checked = 0;
  #checkTimer = 0;

  build() {
    this.append(
      h('div', { class: 'lead' }, this.say(h('h2'), 'design.title'), this.say(h('p', { class: 'help' }), 'design.lead')),
      h('div', { class: 'bench' }, h('div', { class: 'stage' }, this.#describing(), this.#exampleCard()), this.#ordering()),
      this.#takeShelf(),
    );
    const { scope, studio } = this;
    scope.on(studio, 'stock', () => this.#stock());
    scope.on(studio.bin, 'change', () => this.#sortTakes());
    scope.on(this.#takes, 'discard', ({ target }) => {
      studio.bin.put([{ id: target.take.id, name: target.name }]);
      (this.#takesHead.hidden ? this.#hear : this.#takesHead).focus({ preventScroll: true }); // what had the focus is gone
    });
    scope.on(studio.bin, 'failed', ({ detail: { ids, cause } }) => {
      if ([...this.#takes.children].some((card) => ids.includes(card.take.id))) this.#alert.replaceChildren(complaint(this, cause));
    });
    scope.on(this.#takes, 'kept', () => this.#sortTakes());
    this.#stock();
  }

  translate() {
    super.translate();
    this.#showChips();
    this.#showExamples();
    this.#showModels();
    this.#showVerdict();
    if (isPreviewText(this.#text.value)) this.#fillText();
  }

  leave() {
    this.studio.quiet();
  }

  // Describing

  #describing() {
    this.#description = h('textarea', { id: 'description', rows: 4, spellcheck: 'false', 'aria-describedby': 'description-count description-verdict' });
    this.say(this.#description, 'design.placeholder', {}, 'placeholder');
    this.#description.value = draft.get() ?? '';
    this.#caret = this.#description.value.length;
    this.#count = h('span', { class: 'count', id: 'description-count' });
    this.#verdict = h('div', { id: 'description-verdict', class: 'verdict', role: 'status' });
    this.#chips = h('div', { class: 'dimensions' });
    this.scope.on(this.#description, 'input', () => this.#described());
    // The caret is asked for when a chip is pressed, and by then the text has lost the focus.
    for (const type of ['blur', 'keyup', 'pointerup']) this.scope.on(this.#description, type, () => (this.#caret = this.#description.selectionEnd));
    return h(
      'section',
      { class: 'card describing' },
      h('div', { class: 'field-head' }, this.say(h('label', { for: 'description', class: 'strong' }), 'design.description'), this.#count),
      this.#description,
      this.#verdict,
      this.#chips,
    );
  }

  #showChips() {
    const rows = DIMENSIONS.map(({ name, chips }) => {
      const label = h('span', { class: 'row-label', id: `dimension-${name}` }, i18n.t(`design.dimension.${name}`));
      const list = chips.map((chip) => {
        const button = h('button', { type: 'button', class: 'chip', 'aria-pressed': 'false' }, chip[i18n.language]);
        button.chip = chip;
        button.addEventListener('click', () => this.#press(chip));
        return button;
      });
      return h('div', { class: 'phrase-row' }, label, h('div', { class: 'chips', role: 'group', 'aria-labelledby': label.id }, ...list));
    });
    this.#chips.replaceChildren(...rows);
    this.#showDescription();
  }

  #press(chip) {
    const before = { text: this.#description.value, caret: this.#caret };
    const { text, caret } = press(before, chip, i18n.language);
    this.#description.value = text;
    this.#description.setSelectionRange(caret, caret);
    this.#described();
  }

  #described() {
    this.#caret = this.#description.selectionEnd;
    draft.set(this.#description.value);
    this.#showDescription();
    this.#checkSoon();
  }

  #showDescription() {
    const text = this.#description.value;
    const length = [...text].length;
    this.#count.textContent = `${length} / ${MOST}`;
    this.#count.toggleAttribute('data-over', length > MOST);
    for (const button of this.#chips.querySelectorAll('.chip')) button.setAttribute('aria-pressed', String(find(text, button.chip) !== null));
  }

  #exampleCard() {
    this.#examples = h('div', { class: 'examples' });
    return h('details', { class: 'card more' }, this.say(h('summary'), 'design.examples'), this.#examples);
  }

  #showExamples() {
    const good = GOOD[i18n.language].map((text) => {
      const take = h('button', { type: 'button', class: 'secondary small' }, i18n.t('design.takeOver'));
      take.addEventListener('click', () => this.#takeOver(text));
      return h('li', {}, h('p', {}, text), take);
    });
    const bad = BAD[i18n.language].map(({ text, why }) => h('li', {}, h('p', {}, text), h('p', { class: 'help' }, i18n.t(`design.why.${why}`))));
    this.#examples.replaceChildren(
      h('div', {}, h('h3', {}, i18n.t('design.good')), h('ul', { class: 'good' }, ...good)),
      h('div', {}, h('h3', {}, i18n.t('design.bad')), h('ul', { class: 'bad' }, ...bad)),
    );
  }

  #takeOver(text) {
    const before = this.#description.value;
    this.#fill(text);
    this.#description.focus();
    if (before.trim() !== '') toast('design.replaced', {}, { label: 'bin.undo', act: () => this.#fill(before) });
  }

  #fill(text) {
    this.#description.value = text;
    this.#described();
  }

  // Checking

  #checkSoon() {
    clearTimeout(this.#checkTimer);
    this.#checked++; // an answer on its way is about something else
    if (this.#fresh) return;
    this.#judged = '';
    this.#faults = { description: [], text: [] };
    this.#showVerdict();
    this.#checkTimer = setTimeout(() => this.#check(), CHECK_AFTER_MS);
  }

  get #fresh() {
    return this.#judged === JSON.stringify(this.#order(this.#description.value));
  }

  async #check() {
    clearTimeout(this.#checkTimer);
    const mine = ++this.#checked;
    const description = this.#description.value;
    const order = this.#order(description);
    let found;
    if (description.trim() === '') {
      found = [];
    } else {
      try {
        found = await this.studio.library.checkDescription(order);
      } catch {
        return; // the order itself will be told what is wrong
      }
    }
    if (mine !== this.#checked) return;
    this.#judged = JSON.stringify(order);
    const ofText = ({ code }) => code.startsWith('preview_text');
    this.#faults = { description: found.filter((fault) => !ofText(fault)), text: found.filter(ofText) };
    this.#showVerdict();
  }

  #showVerdict() {
    const { description, text } = this.#faults;
    if (this.#description.value.trim() === '') this.#verdict.replaceChildren(h('p', { class: 'help' }, i18n.t('design.begin')));
    else if (description.length > 0) this.#verdict.replaceChildren(advice(description));
    else this.#verdict.replaceChildren(...(this.#judged ? [h('p', { class: 'fine' }, i18n.t('design.fine'))] : []));
    this.#textVerdict.replaceChildren(...(text.length > 0 ? [advice(text)] : []));
  }

  #order(description) {
    return {
      provider: this.#target?.provider,
      description,
      preview_text: this.#text.value.trim(),
      language: this.#language.value || undefined,
    };
  }

  // Ordering

  #ordering() {
    this.#model = h('select', { id: 'design-model' });
    this.#language = h('select', { id: 'design-language' });
    this.#text = h('textarea', { id: 'preview-text', rows: 4, 'aria-describedby': 'preview-text-verdict' });
    this.#textVerdict = h('div', { id: 'preview-text-verdict', role: 'status' });
    this.#cost = h('p', { class: 'help cost' });
    this.#hear = h('button', { type: 'button', class: 'primary', id: 'hear' }, icon(PLAY), this.say(h('span'), 'design.hear'));
    this.#state = h('p', { role: 'status', class: 'help' });
    this.#alert = h('div', { role: 'alert' });
    const { scope } = this;
    scope.on(this.#model, 'change', () => this.#modelChosen());
    scope.on(this.#language, 'change', () => {
      if (isPreviewText(this.#text.value)) this.#fillText();
      this.#checkSoon();
    });
    scope.on(this.#text, 'input', () => this.#checkSoon());
    scope.on(this.#hear, 'click', () => this.#design());
    return h(
      'section',
      { class: 'card ordering' },
      this.#field('design.text', this.#text, this.#textVerdict),
      h('div', { class: 'pair' }, this.#field('design.language', this.#language), this.#field('design.model', this.#model)),
      this.#cost,
      this.#hear,
      this.#state,
      this.#alert,
    );
  }

  #field(key, control, ...more) {
    return h('div', { class: 'field' }, this.say(h('label', { for: control.id }), key), control, ...more);
  }

  get #targets() {
    return this.studio.targets.filter((target) => target.can.includes('design'));
  }

  get #target() {
    return this.#targets.find((target) => target.id === this.#model.value);
  }

  #stock() {
    this.#showModels();
    this.#showCost();
  }

  #showModels() {
    const groups = new Map();
    for (const { id, provider } of this.#targets) {
      if (!groups.has(provider)) groups.set(provider, h('optgroup', { label: providerName(provider) }));
      groups.get(provider).append(h('option', { value: id }, id));
    }
    const chosen = this.#target ?? this.#targets.find((target) => target.default_for.includes('design'));
    this.#model.replaceChildren(...groups.values());
    if (chosen) this.#model.value = chosen.id;
    this.#modelChosen();
  }

  #modelChosen() {
    const languages = this.#target?.languages ?? [];
    const chosen = languages.includes(this.#language.value) ? this.#language.value : i18n.language;
    this.#language.replaceChildren(...languages.map((tag) => h('option', { value: tag }, i18n.languageName(tag))));
    this.#language.value = languages.includes(chosen) ? chosen : (languages[0] ?? '');
    if (isPreviewText(this.#text.value)) this.#fillText();
    this.#showCost();
    if (this.#description.value.trim() !== '') this.#checkSoon();
  }

  #fillText() {
    const language = this.#language.value || i18n.language;
    this.#text.value = previewText(language);
    this.#text.lang = language;
  }

  #showCost() {
    const provider = this.#target?.provider;
    const quota = this.studio.library.quota.find((one) => one.provider === provider);
    const slots = { provider: provider ? providerName(provider) : '', places: quota?.places ?? 1000, used: quota?.used ?? 0 };
    this.say(this.#cost, 'design.cost', slots);
  }

  async #design() {
    if (this.#busy) return;
    const description = this.#description.value.trim();
    this.#alert.replaceChildren();
    const refuse = (key) => {
      this.say(this.#state, key);
      this.#description.focus();
    };
    if (description === '') {
      refuse('design.empty');
      return;
    }
    if (!this.#target) {
      this.#alert.replaceChildren(complaint(this, this.studio.fault ?? { code: 'lists' }));
      this.studio.load();
      return;
    }
    this.#setBusy(true);
    if (!this.#fresh) await this.#check();
    if (this.#faults.description.length > 0) {
      this.#setBusy(false);
      refuse('design.mend');
      return;
    }
    const number = ++this.#made;
    const target = this.#target;
    try {
      const { voice, preview } = await this.studio.library.design({
        ...this.#order(description),
        target_model: target.id,
        name: i18n.t('design.take', { n: number }),
        take: true,
        format: 'wav',
      });
      this.#show({ number, id: voice.id, voice, description, preview });
      this.say(this.#state, 'design.here', { n: number });
    } catch (error) {
      this.#made--;
      this.#state.textContent = '';
      this.#alert.replaceChildren(complaint(this, error));
    }
    this.#setBusy(false);
  }

  #setBusy(busy) {
    this.#busy = busy;
    this.#hear.setAttribute('aria-disabled', String(busy));
    this.#hear.toggleAttribute('data-busy', busy);
    if (busy) this.say(this.#state, 'design.busy');
  }

  // Takes

  #takeShelf() {
    this.#takes = h('div', { class: 'takes' });
    this.#takesHead = h(
      'section',
      { class: 'take-shelf', tabindex: -1, hidden: true },
      h('div', { class: 'lead' }, this.say(h('h2'), 'design.takes'), this.say(h('p', { class: 'help' }), 'design.vanish')),
      this.#takes,
    );
    return this.#takesHead;
  }

  #show(take) {
    const card = document.createElement('vb-take');
    const before = [...this.#takes.children].map((each) => each.take).sort((a, b) => b.number - a.number)[0];
    Object.assign(card, { studio: this.studio, take, before: before?.description ?? '' });
    this.#takes.prepend(card);
    this.#takesHead.hidden = false;
    card.play();
    card.scrollIntoView({ block: 'nearest', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  }

  /** What was discarded is hidden while it can come back, and gone when it is gone. */
  #sortTakes() {
    const there = new Set(this.studio.ownVoices.map((voice) => voice.id));
    for (const card of [...this.#takes.children]) {
      const discarded = this.studio.bin.has(card.take.id);
      if (discarded) card.stop();
      if (card.hidden && !discarded && !there.has(card.take.id)) card.remove();
      else card.hidden = discarded;
    }
    this.#takesHead.hidden = ![...this.#takes.children].some((card) => !card.hidden);
  }
}

customElements.define('vb-design', Design);
