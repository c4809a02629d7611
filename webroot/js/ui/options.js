import { i18n } from '../i18n.js';
import { fromDb } from '../speak/level.js';
import { commonRate, instructionLength, instructionRule } from '../speak/usage.js';
import { VbElement, h } from './element.js';

const times = (v) => `${i18n.number(v, { minimumFractionDigits: 2 })}×`;
const SLIDERS = [
  { name: 'speech_rate', key: 'options.rate', min: 0.5, max: 2, step: 0.05, normal: 1, show: times },
  { name: 'pitch_rate', key: 'options.pitch', min: 0.5, max: 2, step: 0.05, normal: 1, show: times },
  { name: 'volume', key: 'options.volume', min: 0, max: 100, step: 1, normal: 50, show: (v) => i18n.number(v) },
];
const GAIN = { name: 'gain', key: 'options.gain', min: -12, max: 12, step: 1, normal: 0, show: (v) => i18n.decibels(v) };
/** Ways to speak that the vendor's guide names. */
const STYLES = ['broadcast', 'rising', 'tearful', 'advert', 'tender'];

/**
 * How it is spoken, as far as the model can. Events: `change-options`, `change-gain {factor}`, `change-ssml
 * {on}`.
 */
class Options extends VbElement {
  #sliders = {};
  #rate;
  #language;
  #instructions;
  #styles;
  #rule;
  #optimize;
  #ssml;
  #model = null;
  #fixed;
  #rows = {};

  build() {
    const body = h('div', { class: 'options' });
    const details = h('details', { class: 'more' }, this.say(h('summary'), 'options.label'), body);
    for (const slider of [...SLIDERS, GAIN]) body.append(this.#slider(slider));
    this.#fixed = this.say(h('p', { class: 'help wide', hidden: true }), 'options.unsupported');
    this.#sliders.gain.row.append(this.say(h('p', { class: 'help' }), 'options.gain.help'));
    this.#rate = h('select', { id: 'sample-rate' });
    this.#language = h('select', { id: 'language-type' });
    this.#instructions = h('textarea', { id: 'instructions', rows: 2, 'aria-describedby': 'instruction-rule' });
    this.say(this.#instructions, 'options.instructionsHint', {}, 'placeholder');
    body.append(
      this.#fixed,
      this.#field('language', 'options.language', this.#language),
      this.#field('sampleRate', 'options.sampleRate', this.#rate),
      this.#field('instructions', 'options.instructions', this.#instructions),
    );
    this.#rows.instructions.classList.add('wide');
    this.#styles = this.say(h('ul', { class: 'chips', id: 'styles' }), 'options.styles', {}, 'aria-label');
    this.#rule = h('p', { class: 'help', id: 'instruction-rule' });
    this.#optimize = this.#check('optimize', 'options.optimize');
    this.#rows.instructions.append(this.#styles, this.#rule, this.#optimize.row);
    this.#ssml = this.#check('ssml', 'options.ssml');
    const reset = this.say(h('button', { type: 'button', class: 'secondary small' }), 'options.reset');
    this.scope.on(reset, 'click', () => this.#reset());
    body.append(this.#ssml.row, h('div', { class: 'wide' }, reset));
    this.append(details);
    this.scope.on(body, 'change', () => this.tell('change-options'));
    this.scope.on(this.#sliders.gain.input, 'change', () => this.tell('change-gain', { factor: this.gain }));
    this.scope.on(this.#instructions, 'input', () => this.#showRule());
    this.scope.on(this.#ssml.input, 'change', () => this.tell('change-ssml', { on: this.ssml }));
  }

  translate() {
    super.translate();
    this.#showRates();
    this.#showLanguages();
    this.#showStyles();
    this.#showRule();
    for (const slider of [...SLIDERS, GAIN]) this.#showValue(slider);
  }

  get sampleRate() {
    return Number(this.#rate.value) || this.#model?.default_sample_rate || 24_000;
  }

  get speechRate() {
    return this.#can('speech_rate') ? Number(this.#sliders.speech_rate.input.value) : 1;
  }

  /** Louder or softer in the page, a factor. */
  get gain() {
    return fromDb(Number(this.#sliders.gain.input.value));
  }

  /** Whether the text carries marks. */
  get ssml() {
    return this.#can('enable_ssml') && this.#ssml.input.checked;
  }

  set ssml(on) {
    this.#ssml.input.checked = on;
  }

  /** What is wrong with the instruction, or empty: key of a string. */
  get fault() {
    if (!this.#can('instructions')) return '';
    const rule = instructionRule(this.#model);
    return instructionLength(this.#instructions.value.trim(), rule) > rule.most ? 'error.instruction' : '';
  }

  /** Fields of the session for the chosen model. */
  get fields() {
    return this.fieldsFor(this.#model, this.sampleRate);
  }

  /**
   * Only what the model understands; `undefined` takes a field back.
   *
   * @param {object} model of the list
   * @param {number} sampleRate Hz
   */
  fieldsFor(model, sampleRate) {
    const can = (ability) => able(model, ability);
    const fields = {
      sample_rate: sampleRate,
      language_type: can('language_type') ? this.#language.value || undefined : undefined,
      instructions: can('instructions') ? this.#instructions.value.trim() || undefined : undefined,
      optimize_instructions: (can('optimize_instructions') && this.#optimize.input.checked) || undefined,
      enable_ssml: (can('enable_ssml') && this.ssml) || undefined,
      word_timestamps: can('word_timestamps') || undefined,
    };
    if (!(model.languages ?? []).includes(fields.language_type)) delete fields.language_type;
    for (const { name } of SLIDERS) fields[name] = can(name) ? Number(this.#sliders[name].input.value) : undefined;
    return fields;
  }

  /** The rate at which another model can be compared with this one. */
  rateWith(other) {
    return commonRate(this.#model, other, this.sampleRate);
  }

  set model(model) {
    if (model === this.#model) return;
    // A rate that somebody chose stays where the new model has it.
    if (this.sampleRate === (this.#model?.default_sample_rate ?? 24_000)) this.#rate.value = '';
    this.#model = model;
    for (const { name } of SLIDERS) this.#sliders[name].row.hidden = !this.#can(name);
    this.#fixed.hidden = SLIDERS.some(({ name }) => this.#can(name));
    this.#rows.instructions.hidden = !this.#can('instructions');
    this.#optimize.row.hidden = !this.#can('optimize_instructions');
    this.#rows.language.hidden = !this.#can('language_type');
    this.#ssml.row.hidden = !this.#can('enable_ssml');
    this.#showRates();
    this.#showLanguages();
    this.#showRule();
    this.tell('change-ssml', { on: this.ssml });
  }

  /** Takes over what a profile says. @param {import('../profiles.js').Profile} profile */
  adopt({ speed, gain, language, instructions }) {
    this.#sliders.speech_rate.input.value = speed;
    this.#sliders.gain.input.value = gain;
    this.#language.value = language || 'Auto';
    this.#instructions.value = instructions;
    this.translate();
    this.tell('change-gain', { factor: this.gain });
    this.tell('change-options');
  }

  #can(ability) {
    return able(this.#model, ability);
  }

  #slider(slider) {
    const { name, key, min, max, step, normal } = slider;
    const id = name.replace('_', '-');
    const input = h('input', { id, type: 'range', min, max, step, value: normal });
    const value = h('output', { for: id, class: 'value' });
    const row = h('div', { class: 'field' }, h('div', { class: 'field-head' }, this.say(h('label', { for: id }), key), value), input);
    this.#sliders[name] = { input, value, row };
    this.scope.on(input, 'input', () => this.#showValue(slider));
    return row;
  }

  #showValue({ name, show }) {
    const { input, value } = this.#sliders[name];
    value.textContent = show(Number(input.value));
    input.setAttribute('aria-valuetext', value.textContent);
  }

  #field(name, key, control) {
    this.#rows[name] = h('div', { class: 'field' }, this.say(h('label', { for: control.id }), key), control);
    return this.#rows[name];
  }

  #check(id, key) {
    const input = h('input', { id, type: 'checkbox', 'aria-describedby': `${id}-help` });
    const text = h('span', {}, this.say(h('span'), key), this.say(h('span', { class: 'help', id: `${id}-help` }), `${key}.help`));
    return { input, row: h('label', { class: 'check wide' }, input, text) };
  }

  #showRates() {
    const usual = this.#model?.default_sample_rate || 24_000;
    const chosen = Number(this.#rate.value) || usual;
    const rates = this.#model?.sample_rates?.length ? [...this.#model.sample_rates].sort((a, b) => a - b) : [chosen];
    this.#rate.replaceChildren(
      ...rates.map((rate) => h('option', { value: rate }, i18n.t('options.sampleRate.value', { khz: rate / 1000 }))),
    );
    this.#rate.value = String([chosen, usual].find((rate) => rates.includes(rate)) ?? rates[0]);
  }

  #showLanguages() {
    const chosen = this.#language.value;
    const languages = (this.#model?.languages ?? []).filter((language) => language !== 'Auto');
    const named = (language) => (i18n.has(`language.${language}`) ? i18n.t(`language.${language}`) : i18n.languageName(language));
    this.#language.replaceChildren(
      h('option', { value: 'Auto' }, i18n.t('options.language.auto')),
      ...languages.map((language) => h('option', { value: language }, named(language))),
    );
    this.#language.value = languages.includes(chosen) ? chosen : 'Auto';
  }

  #showStyles() {
    const chips = STYLES.map((style) => {
      const chip = h('button', { type: 'button', class: 'chip' }, i18n.t(`style.${style}`));
      chip.addEventListener('click', () => {
        this.#instructions.value = i18n.t(`style.${style}.words`);
        this.#showRule();
        this.tell('change-options');
      });
      return h('li', {}, chip);
    });
    this.#styles.replaceChildren(...chips);
  }

  #showRule() {
    const rule = instructionRule(this.#model);
    const n = instructionLength(this.#instructions.value.trim(), rule);
    this.#rule.textContent = i18n.t(`options.rule.${rule.rule}`, { n, most: rule.most });
    this.#rule.classList.toggle('too-much', n > rule.most);
  }

  #reset() {
    for (const slider of [...SLIDERS, GAIN]) this.#sliders[slider.name].input.value = slider.normal;
    this.#language.value = 'Auto';
    this.#instructions.value = '';
    this.#optimize.input.checked = false;
    this.#ssml.input.checked = false;
    this.#rate.value = '';
    this.translate();
    this.tell('change-gain', { factor: 1 });
    this.tell('change-ssml', { on: false });
    this.tell('change-options');
  }
}

function able(model, ability) {
  if (!model) return false;
  if (ability === 'language_type') return (model.languages ?? []).length > 0;
  return (model.abilities ?? []).includes(ability);
}

customElements.define('vb-options', Options);
