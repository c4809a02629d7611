import { i18n } from '../i18n.js';
import strings from '../i18n/clone.js';
import { Steps } from '../steps.js';
import '../ui/check-step.js';
import { h } from '../ui/element.js';
import '../ui/making.js';
import '../ui/model-choice.js';
import '../ui/sample-step.js';
import { View } from './view.js';

i18n.learn(strings);

const STEPS = ['sample', 'check', 'words', 'name', 'model', 'make'];
const MOST_NAME = 100;
const MOST_TAGS = 20;
const MOST_TAG = 50;
const MOST_TRANSCRIPT = 2000;

/** From a sample to a voice that speaks, in six steps. */
class Clone extends View {
  #steps = new Steps(STEPS);
  #parts = {};
  #sample = null;
  #made = null;
  #madeOf = '';
  #sampleStep;
  #checkStep;
  #modelChoice;
  #making;
  #transcript;
  #transcriptField;
  #language;
  #name;
  #tags;
  #consent;
  #nameFault;

  build() {
    this.#steps = new Steps(STEPS);
    this.#sampleStep = h('vb-sample-step');
    this.#checkStep = h('vb-check-step');
    this.#modelChoice = h('vb-model-choice');
    this.#making = h('vb-making');
    for (const part of [this.#checkStep, this.#modelChoice, this.#making]) part.studio = this.studio;
    this.#making.order = () => this.#order();
    const bodies = {
      sample: this.#sampleStep,
      check: this.#checkStep,
      words: this.#words(),
      name: this.#who(),
      model: h('div', {}, this.#modelChoice, this.#next('model', () => this.#modelChoice.target !== null)),
      make: this.#making,
    };
    this.append(
      h('header', { class: 'page-head' }, this.say(h('h2'), 'clone.title'), this.say(h('p', { class: 'help' }), 'clone.lead')),
      h('ol', { class: 'steps' }, ...STEPS.map((name, i) => this.#step(name, i + 1, bodies[name]))),
    );
    this.#join();
    this.#show();
  }

  leave() {
    this.#sampleStep.leave({ keep: true });
    this.#checkStep.leave();
    this.#making.leave();
  }

  translate() {
    super.translate();
    this.#showLanguages();
    this.#showSummaries();
  }

  #join() {
    const { scope } = this;
    scope.on(this.#sampleStep, 'sample', ({ detail }) => this.#take(detail));
    // What sounds would be in the recording, too.
    scope.on(this, 'begin', () => this.studio.quiet());
    scope.on(this.#checkStep, 'checked', ({ detail: { sample } }) => this.#checked(sample));
    scope.on(this.#checkStep, 'continue', () => this.#finish('check'));
    scope.on(this.#checkStep, 'again', () => this.#go('sample'));
    scope.on(this.#modelChoice, 'choose-model', () => this.#showSummaries());
    scope.on(this.#making, 'making', () => this.#parts.make && this.#showStates());
    scope.on(this.#making, 'made', ({ detail: { voice } }) => {
      this.#made = voice;
      this.#madeOf = this.#wishes();
    });
    scope.on(this.#making, 'back', ({ detail }) => this.#back(detail));
    scope.on(this.#making, 'another', () => this.#again());
    scope.on(this.studio, 'stock', () => this.#stocked());
    scope.on(window, 'pagehide', () => this.leave());
    // A file that is dropped beside the field must not take the page's place.
    for (const type of ['dragover', 'dragleave', 'drop']) scope.on(document, type, (event) => this.#dragged(event));
  }

  #dragged(event) {
    if (this.hidden || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    const wanted = this.#steps.open === 'sample';
    event.dataTransfer.dropEffect = wanted ? 'copy' : 'none';
    this.#sampleStep.hovered = wanted && event.type === 'dragover';
    if (wanted && event.type === 'drop') this.#sampleStep.take(event.dataTransfer.files[0]);
  }

  // -- the steps --------------------------------------------------------------------------------------

  #step(name, number, body) {
    const summary = h('span', { class: 'step-summary' });
    const button = h(
      'button',
      { type: 'button', class: 'step-head', 'aria-controls': `clone-step-${name}` },
      h('span', { class: 'step-number', 'aria-hidden': 'true' }, String(number)),
      h('span', { class: 'step-title' }, this.say(h('span'), `clone.step.${name}`), summary),
    );
    const panel = h('div', { class: 'step-body', id: `clone-step-${name}`, role: 'group' }, body);
    this.say(panel, `clone.step.${name}`, {}, 'aria-label');
    const item = h('li', { class: 'step', 'data-step': name }, h('h3', {}, button), panel);
    this.#parts[name] = { item, button, panel, summary };
    this.scope.on(button, 'click', () => this.#go(name));
    return item;
  }

  #next(name, ready) {
    const button = this.say(h('button', { type: 'button', class: 'primary', 'data-next': name }), 'clone.next');
    this.scope.on(button, 'click', () => ready() && this.#finish(name));
    return h('div', { class: 'actions' }, button);
  }

  #go(name) {
    if (this.#steps.open === name || this.#making.busy || !this.#steps.show(name)) return;
    this.#show();
    this.#focus();
  }

  #finish(name) {
    this.#steps.finish(name);
    this.#show();
    this.#focus();
  }

  #focus() {
    const { button, item } = this.#parts[this.#steps.open];
    button.focus({ preventScroll: true });
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    item.scrollIntoView({ block: 'start', behavior: still ? 'auto' : 'smooth' });
  }

  #show() {
    this.#showStates();
    const { open } = this.#steps;
    if (open !== 'sample') this.#sampleStep.leave();
    if (open !== 'check') this.#checkStep.leave();
    if (open !== 'make') this.#making.leave();
    if (open === 'words') this.#showTranscript();
    if (open === 'model') this.#modelChoice.offer({ sample: this.#sample, language: this.#language.value });
    if (open === 'make') this.#prepare();
    this.#showSummaries();
  }

  /** What failed may be tried again, and what is wished differently may be made beside what was made. */
  #prepare() {
    const { state } = this.#making.dataset;
    if (['failed', 'existing'].includes(state) || (state === 'made' && this.#madeOf !== this.#wishes())) {
      this.#made = null;
      this.#making.reset();
    }
  }

  #wishes() {
    return JSON.stringify({ ...this.#order(), file: '' });
  }

  #showStates() {
    for (const name of STEPS) {
      const { item, button, panel } = this.#parts[name];
      const state = this.#steps.stateOf(name);
      const reachable = this.#steps.reachable(name) && !this.#making.busy;
      item.dataset.state = state;
      panel.hidden = state !== 'open';
      button.setAttribute('aria-expanded', String(state === 'open'));
      button.setAttribute('aria-disabled', String(!reachable));
      if (state === 'open') item.setAttribute('aria-current', 'step');
      else item.removeAttribute('aria-current');
    }
  }

  #showSummaries() {
    if (!this.#parts.make) return;
    const words = {
      sample: this.#sample ? (this.#sample.name ? this.#sample.name : i18n.t('clone.summary.recorded')) : '',
      check: this.#sample?.report ? i18n.t(`clone.judgement.${this.#checkStep.dataset.verdict ?? 'good'}`) : '',
      words: [this.#language.value && i18n.languageName(this.#language.value), this.#transcript.value.trim()].filter(Boolean).join(' · ') || i18n.t('clone.summary.none'),
      name: [this.#name.value.trim(), ...this.#tagList()].join(' · '),
      model: this.#modelChoice.target?.id ?? '',
      make: this.#made?.name ?? '',
    };
    for (const name of STEPS) this.#parts[name].summary.textContent = this.#steps.stateOf(name) === 'done' ? words[name] : '';
  }

  // -- a sample ---------------------------------------------------------------------------------------

  #take(sample) {
    const before = this.#sample;
    this.#sample = { ...sample };
    // Words that were corrected by hand stay; those that came with the sample before go with it.
    if (this.#transcript.value.trim() === (before?.text ?? '')) this.#transcript.value = sample.text ?? '';
    if (sample.language && (this.#language.value === '' || this.#language.value === before?.language)) this.#language.value = sample.language;
    if (sample.name && this.#name.value === '') this.#name.value = sample.name.replace(/\.\w+$/, '').slice(0, MOST_NAME);
    this.#newSample();
    this.#steps.show('sample');
    this.#finish('sample');
    this.#checkStep.examine(this.#sample);
  }

  #checked(sample) {
    this.#sample = sample;
    this.#newSample();
    this.#showSummaries();
  }

  /** Another sample: it must be looked at, and what was made was made of the one before. */
  #newSample() {
    this.#steps.undo('check');
    this.#made = null;
    if (!this.#making.busy) this.#making.reset();
  }

  #back({ step, report }) {
    if (report && this.#sample) {
      this.#steps.undo('check');
      this.#checkStep.examine({ ...this.#sample, report: { mended: this.#sample.report?.mended, ...report } });
    }
    this.#go(step);
  }

  #again() {
    this.#sample = null;
    this.#made = null;
    for (const field of [this.#transcript, this.#language, this.#name, this.#tags]) field.value = '';
    this.#consent.checked = false;
    this.#steps = new Steps(STEPS);
    this.#making.reset();
    this.#show();
    this.#focus();
  }

  // -- the words --------------------------------------------------------------------------------------

  #words() {
    this.#language = h('select', { id: 'clone-language' });
    this.#transcript = h('textarea', { id: 'clone-transcript', rows: 4, maxlength: MOST_TRANSCRIPT });
    this.#transcriptField = h(
      'div',
      { class: 'field' },
      this.say(h('label', { for: 'clone-transcript' }), 'clone.transcript'),
      this.#transcript,
      this.say(h('p', { class: 'help', id: 'clone-transcript-help' }), 'clone.transcript.help'),
    );
    this.#transcript.setAttribute('aria-describedby', 'clone-transcript-help');
    return h(
      'div',
      { class: 'form' },
      h('div', { class: 'field narrow' }, this.say(h('label', { for: 'clone-language' }), 'clone.language'), this.#language, this.say(h('p', { class: 'help' }), 'clone.language.help')),
      this.#transcriptField,
      this.#next('words', () => true),
    );
  }

  #cloning() {
    return this.studio.targets.filter((target) => target.can.includes('clone'));
  }

  #showTranscript() {
    const targets = this.#cloning();
    this.#transcriptField.hidden = targets.length > 0 && targets.every((target) => target.transcript === 'none');
  }

  #stocked() {
    this.#showLanguages();
    this.#showTranscript();
    if (this.#steps.open === 'model') this.#modelChoice.offer({ sample: this.#sample, language: this.#language.value });
  }

  #showLanguages() {
    const known = new Set(this.#cloning().flatMap((target) => target.languages));
    const chosen = this.#language.value || this.#sample?.language || '';
    if (chosen) known.add(chosen);
    this.#language.replaceChildren(h('option', { value: '' }, i18n.t('clone.language.none')), ...[...known].map((tag) => h('option', { value: tag }, i18n.languageName(tag))));
    this.#language.value = chosen;
  }

  // -- the name ---------------------------------------------------------------------------------------

  #who() {
    this.#name = h('input', { type: 'text', id: 'clone-name', maxlength: MOST_NAME, autocomplete: 'off', required: true, 'aria-describedby': 'clone-name-fault' });
    this.#tags = h('input', { type: 'text', id: 'clone-tags', autocomplete: 'off' });
    this.say(this.#tags, 'clone.tags.placeholder', {}, 'placeholder');
    this.#consent = h('input', { type: 'checkbox', id: 'clone-consent', required: true });
    this.#nameFault = h('p', { class: 'remark', role: 'alert', id: 'clone-name-fault' });
    const next = this.#next('name', () => this.#named());
    this.scope.on(this.#name, 'keydown', (event) => {
      if (event.key === 'Enter' && !event.isComposing) next.firstChild.click();
    });
    return h(
      'div',
      { class: 'form' },
      h('div', { class: 'field narrow' }, this.say(h('label', { for: 'clone-name' }), 'clone.name'), this.#name),
      h('div', { class: 'field narrow' }, this.say(h('label', { for: 'clone-tags' }), 'clone.tags'), this.#tags),
      h('label', { class: 'consent' }, this.#consent, h('span', {}, this.say(h('b'), 'clone.consent'), ' ', this.say(h('span', { class: 'help' }), 'clone.consent.why'))),
      this.#nameFault,
      next,
    );
  }

  #tagList() {
    return this.#tags.value
      .split(/[,，、;；]/)
      .map((tag) => tag.trim())
      .filter(Boolean);
  }

  #named() {
    const tags = this.#tagList();
    const faults = [
      [this.#name.value.trim() === '', this.#name, 'clone.name.missing'],
      [tags.length > MOST_TAGS || tags.some((tag) => tag.length > MOST_TAG), this.#tags, 'clone.tags.many'],
      [!this.#consent.checked, this.#consent, 'clone.consent.missing'],
    ];
    const fault = faults.find(([is]) => is);
    for (const [is, field] of faults) field.setAttribute('aria-invalid', String(is));
    if (!fault) {
      this.#nameFault.textContent = '';
      return true;
    }
    this.say(this.#nameFault, fault[2]);
    fault[1].focus();
    return false;
  }

  // -- the order --------------------------------------------------------------------------------------

  #order() {
    const { target } = this.#modelChoice;
    const language = this.#language.value;
    return {
      file: this.#sample.blob,
      provider: target.provider,
      target_model: target.id,
      name: this.#name.value.trim(),
      tags: this.#tagList().join(','),
      consent: this.#consent.checked,
      language: target.languages.includes(language) ? language : undefined,
      transcript: target.transcript === 'none' ? undefined : this.#transcript.value.trim(),
    };
  }
}

customElements.define('vb-clone', Clone);
