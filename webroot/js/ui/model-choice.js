import { i18n } from '../i18n.js';
import { VbElement, h } from './element.js';

/** What is known of a model, by how its name begins; the longest first. */
const KNOWN = ['cosyvoice-v3.5-plus', 'cosyvoice-v3.5-flash', 'cosyvoice-v3-plus', 'cosyvoice-v3-flash', 'cosyvoice-v', 'qwen-audio', 'qwen3-tts-vc-realtime', 'qwen3-tts-vc', 'FunAudioLLM', 'fnlp', 'IndexTeam'];

/** What the voice is made for, and what that costs. Events: `choose-model {target}`, `look` (at the sample again). */
class ModelChoice extends VbElement {
  /** @type {import('../studio.js').Studio} set before it enters the document */
  studio;
  #chosen = null;
  #cards;
  #cost;
  #quota = [];
  #sample = null;
  #language = '';

  build() {
    this.#cards = h('fieldset', { class: 'models' });
    this.#cost = h('div', { class: 'cost' });
    this.append(this.#cards, this.#cost);
    this.scope.on(this.#cards, 'change', (event) => this.#choose(event.target.value));
  }

  translate() {
    super.translate();
    this.#show();
  }

  /** @type {object | null} the target chosen; null: there is none that would do */
  get target() {
    return this.#chosen;
  }

  /** @param {{sample: object, language: string}} what it is to be made of */
  offer({ sample, language }) {
    this.#sample = sample;
    this.#language = language;
    const targets = this.#targets();
    const usable = targets.filter((target) => this.#verdict(target) !== 'refused');
    const kept = usable.find((target) => target.id === this.#chosen?.id);
    const first = usable.find((target) => isDefault(target) && this.#speaks(target)) ?? usable.find(isDefault);
    this.#chosen = kept ?? first ?? usable[0] ?? null;
    this.#show();
    this.#ask();
  }

  async #ask() {
    try {
      this.#quota = (await this.studio.library.list({ limit: 1 })).quota;
    } catch {
      return; // the places are a remark; the making itself will say what is wrong
    }
    if (this.isConnected) this.#showCost();
  }

  /** Those that clone, the defaults first. */
  #targets() {
    const cloning = this.studio.targets.filter((target) => target.can.includes('clone'));
    return [...cloning.filter(isDefault), ...cloning.filter((target) => !isDefault(target))];
  }

  #verdict(target) {
    return this.#sample?.report?.verdicts.find((verdict) => verdict.provider === target.provider)?.verdict ?? 'ok';
  }

  #speaks(target) {
    return this.studio.models.some((model) => model.id === target.id);
  }

  #choose(id) {
    this.#chosen = this.studio.targets.find((target) => target.id === id) ?? null;
    this.#showCost();
    this.tell('choose-model', { target: this.#chosen });
  }

  #show() {
    const targets = this.#targets();
    const legend = h('legend', { class: 'visually-hidden' }, i18n.t('clone.step.model'));
    const first = targets.filter(isDefault);
    const others = targets.filter((target) => !isDefault(target));
    const more = h('details', {}, h('summary', {}, i18n.t('clone.models.more', { n: others.length })), ...others.map((target) => this.#card(target)));
    more.open = others.some((target) => target.id === this.#chosen?.id);
    this.#cards.replaceChildren(legend, ...first.map((target) => this.#card(target)), ...(others.length > 0 ? [more] : []));
    if (targets.length === 0) this.#cards.append(h('p', { class: 'help' }, i18n.t('clone.models.none')));
    this.#showCost();
  }

  #card(target) {
    const verdict = this.#verdict(target);
    const radio = h('input', { type: 'radio', name: 'clone-model', value: target.id, disabled: verdict === 'refused' });
    radio.checked = target.id === this.#chosen?.id;
    const known = KNOWN.find((start) => target.id.startsWith(start)) ?? 'other';
    const languages = target.languages.map((tag) => i18n.languageName(tag)).join(i18n.language === 'zh' ? '、' : ', ');
    const text = h(
      'span',
      { class: 'model-text' },
      h('span', { class: 'model-head' }, h('b', {}, target.id), h('span', { class: `verdict ${verdict}`, 'data-verdict': verdict }, i18n.t(`clone.provider.${target.provider}`), ' · ', i18n.t(`clone.verdict.${verdict}`))),
      h('span', { class: 'help' }, i18n.t(`clone.model.${known}`), ' ', languages || i18n.t('clone.model.languages')),
    );
    if (this.#language && target.languages.length > 0 && !target.languages.includes(this.#language)) {
      text.append(h('span', { class: 'remark' }, i18n.t('clone.model.notThisLanguage', { language: i18n.languageName(this.#language) })));
    }
    if (!this.#speaks(target)) text.append(h('span', { class: 'help' }, i18n.t('clone.model.mute')));
    return h('label', { class: 'model', 'data-model': target.id }, radio, text);
  }

  #showCost() {
    const target = this.#chosen;
    this.#cost.hidden = !target;
    if (!target) return;
    const { provider } = target;
    const vendor = provider === 'siliconflow' ? 'siliconflow' : 'alibaba';
    const lines = [h('h4', {}, i18n.t('clone.cost')), h('p', {}, i18n.t(`clone.cost.${vendor}`))];
    const quota = this.#quota.find((one) => one.provider === provider);
    if (quota) {
      const left = Math.max(0, quota.places - quota.used);
      const key = left === 0 ? 'clone.quota.none' : quota.warning ? 'clone.quota.few' : 'clone.quota';
      lines.push(h('p', { class: left === 0 || quota.warning ? 'remark' : '' }, i18n.t(key, { used: quota.used, places: quota.places, left })));
    }
    if (vendor === 'alibaba') lines.push(h('p', {}, i18n.t('clone.cost.year')));
    this.#cost.replaceChildren(...lines);
  }
}

function isDefault(target) {
  return target.default_for.includes('clone');
}

customElements.define('vb-model-choice', ModelChoice);
