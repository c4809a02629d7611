import { i18n } from '../i18n.js';
import { VbElement, h } from './element.js';

const SLIDERS = [
  { name: 'speech_rate', key: 'options.rate', min: 0.5, max: 2, step: 0.05, normal: 1, show: (v) => `${i18n.number(v, { minimumFractionDigits: 2 })}×` },
  { name: 'pitch_rate', key: 'options.pitch', min: 0.5, max: 2, step: 0.05, normal: 1, show: (v) => `${i18n.number(v, { minimumFractionDigits: 2 })}×` },
  { name: 'volume', key: 'options.volume', min: 0, max: 100, step: 1, normal: 50, show: (v) => i18n.number(v) },
];

/** How it is spoken, as far as the model can. Event: `change-options {fields}`: fields of the session. */
class Options extends VbElement {
  #sliders = {};
  #rate;
  #mode;
  #language;
  #instructions;
  #model = null;
  #fixed;
  #rows = {};

  build() {
    const body = h('div', { class: 'options' });
    const details = h('details', { class: 'more' }, this.say(h('summary'), 'options.label'), body);
    for (const slider of SLIDERS) body.append(this.#slider(slider));
    this.#fixed = this.say(h('p', { class: 'help wide', hidden: true }), 'options.unsupported');
    this.#rate = h('select', { id: 'sample-rate' });
    this.#mode = h('select', { id: 'mode' });
    for (const mode of ['commit', 'server_commit']) {
      this.#mode.append(this.say(h('option', { value: mode }), `options.mode.${mode}`));
    }
    this.#language = h('select', { id: 'language-type' });
    this.#instructions = h('textarea', { id: 'instructions', rows: 2 });
    this.say(this.#instructions, 'options.instructionsHint', {}, 'placeholder');
    body.append(
      this.#fixed,
      this.#field('language', 'options.language', this.#language),
      this.#field('mode', 'options.mode', this.#mode),
      this.#field('sampleRate', 'options.sampleRate', this.#rate),
      this.#field('instructions', 'options.instructions', this.#instructions),
    );
    this.#rows.instructions.classList.add('wide');
    const reset = this.say(h('button', { type: 'button', class: 'secondary small' }), 'options.reset');
    this.scope.on(reset, 'click', () => this.#reset());
    body.append(h('div', { class: 'wide' }, reset));
    this.append(details);
    this.scope.on(body, 'change', () => this.tell('change-options', { fields: this.fields }));
  }

  translate() {
    super.translate();
    this.#showRates();
    this.#showLanguages();
    for (const slider of SLIDERS) this.#showValue(slider);
  }

  get sampleRate() {
    return Number(this.#rate.value) || this.#model?.default_sample_rate || 24_000;
  }

  /** Only what the model understands; `undefined` takes a field back. */
  get fields() {
    const fields = {
      mode: this.#mode.value,
      sample_rate: this.sampleRate,
      language_type: this.#can('language_type') ? this.#language.value || undefined : undefined,
      instructions: this.#can('instructions') ? this.#instructions.value.trim() || undefined : undefined,
    };
    for (const { name } of SLIDERS) fields[name] = this.#can(name) ? Number(this.#sliders[name].input.value) : undefined;
    return fields;
  }

  set model(model) {
    this.#model = model;
    for (const { name } of SLIDERS) this.#sliders[name].row.hidden = !this.#can(name);
    this.#fixed.hidden = SLIDERS.some(({ name }) => this.#can(name));
    this.#rows.instructions.hidden = !this.#can('instructions');
    this.#rows.language.hidden = !this.#can('language_type');
    this.#rate.value = '';
    this.#showRates();
    this.#showLanguages();
  }

  #can(ability) {
    if (!this.#model) return false;
    if (ability === 'language_type') return (this.#model.languages ?? []).length > 0;
    return (this.#model.abilities ?? []).includes(ability);
  }

  #slider({ name, key, min, max, step, normal }) {
    const id = name.replace('_', '-');
    const input = h('input', { id, type: 'range', min, max, step, value: normal });
    const value = h('output', { for: id, class: 'value' });
    const row = h('div', { class: 'field' }, h('div', { class: 'field-head' }, this.say(h('label', { for: id }), key), value), input);
    this.#sliders[name] = { input, value, row };
    const slider = SLIDERS.find((one) => one.name === name);
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

  #showRates() {
    const chosen = Number(this.#rate.value) || this.#model?.default_sample_rate || 24_000;
    const rates = this.#model?.sample_rates?.length ? [...this.#model.sample_rates].sort((a, b) => a - b) : [chosen];
    this.#rate.replaceChildren(
      ...rates.map((rate) => h('option', { value: rate }, i18n.t('options.sampleRate.value', { khz: rate / 1000 }))),
    );
    this.#rate.value = String(rates.includes(chosen) ? chosen : rates[0]);
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

  #reset() {
    for (const slider of SLIDERS) {
      this.#sliders[slider.name].input.value = slider.normal;
      this.#showValue(slider);
    }
    this.#mode.value = 'commit';
    this.#language.value = 'Auto';
    this.#instructions.value = '';
    this.#rate.value = '';
    this.#showRates();
    this.tell('change-options', { fields: this.fields });
  }
}

customElements.define('vb-options', Options);
