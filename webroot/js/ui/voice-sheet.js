import { i18n } from '../i18n.js';
import { underWay } from '../library.js';
import { providerName } from '../providers.js';
import { saveFile } from '../save.js';
import { tagsOf } from '../shelf.js';
import { advice, complaint } from './complaint.js';
import { copyButton } from './copy.js';
import { VbElement, h, icon } from './element.js';
import { CLOSE } from './icons.js';
import { badges } from './voice-row.js';

/** Everything about one voice, and what can be done with it, in a dialog. Event: `remove {voice}`. */
class VoiceSheet extends VbElement {
  /** @type {import('../studio.js').Studio} set before it enters the document */
  studio;
  #dialog;
  #entry = null;
  #alert;
  #leaving = new AbortController();

  build() {
    this.#dialog = h('dialog', { class: 'sheet', 'aria-labelledby': 'sheet-title' });
    this.append(this.#dialog);
    this.scope.on(this.#dialog, 'close', () => {
      this.#leaving.abort();
      this.#dialog.replaceChildren();
      this.#entry = null;
    });
    // Its own padding is the dialog, too; a click that ends outside may have begun in a field.
    let outside = false;
    this.scope.on(this.#dialog, 'pointerdown', (event) => (outside = event.target === this.#dialog && !within(this.#dialog, event)));
    this.scope.on(this.#dialog, 'click', (event) => outside && event.target === this.#dialog && this.#dialog.close());
  }

  translate() {
    super.translate();
    if (this.#entry) this.#fill();
  }

  /** @param {object} entry of the shelf */
  show(entry) {
    this.#entry = entry;
    this.#leaving = new AbortController();
    this.#fill();
    this.#dialog.showModal();
  }

  close() {
    this.#dialog.close();
  }

  #fill() {
    const { own, id, name, other, speaks } = this.#entry;
    const close = h('button', { type: 'button', class: 'quiet-button sheet-close', 'aria-label': i18n.t('library.close') }, icon(CLOSE));
    close.addEventListener('click', () => this.close());
    this.#alert = h('div', { role: 'alert' });
    const ways = h('div', { class: 'actions' }, copyButton(this, () => id));
    if (speaks) ways.append(h('a', { href: `#/speak?voice=${encodeURIComponent(id)}` }, i18n.t('library.speakLong')));
    ways.lastElementChild.addEventListener('click', (event) => event.currentTarget.matches('a') && this.close());
    const parts = [
      close,
      h('div', { class: 'sheet-head' }, h('h2', { id: 'sheet-title' }, [name, other].filter(Boolean).join(' ')), ...badges(this.#entry)),
      h('code', { class: 'voice-id' }, id),
      ways,
      ...(own ? [this.#editing()] : []),
      this.#facts(),
    ];
    if (own) parts.push(this.#why(), this.#sample(), this.#record());
    this.#dialog.replaceChildren(...parts.filter(Boolean), this.#alert);
  }

  #facts() {
    const { own, voice, provider, model, language, kind, status } = this.#entry;
    const date = (text) => (text ? new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(text)) : '');
    const facts = [
      ['provider', providerName(provider)],
      ['model', model.join(', ')],
      ['language', language.map((one) => i18n.languageName(one)).join(', ')],
      ['kind', i18n.t(`library.kind.${kind}`)],
    ];
    if (own) {
      facts.push(
        ['status', [i18n.t(`library.status.${status}`), own.vendor_status && own.vendor_status !== 'OK' ? `(${own.vendor_status})` : ''].join(' ')],
        ['providerId', own.provider_voice_id],
        ['description', own.design?.description],
        ['created', date(own.created_at)],
        ['used', own.last_used_at ? date(own.last_used_at) : i18n.t('library.neverUsed')],
        ['owner', own.owner === 'anonymous' ? '' : own.owner],
      );
    } else {
      const chinese = i18n.language === 'zh';
      facts.push(['words', chinese ? voice.keywords_zh : voice.keywords_en]);
    }
    const list = factList(facts.filter(([, value]) => value).map(([name, value]) => [i18n.t(`library.fact.${name}`), value]));
    const warning = own?.disused_warning ? [h('p', { class: 'complaint mild' }, i18n.t('library.disusedLong'))] : [];
    return h('section', { class: 'sheet-part' }, ...warning, list);
  }

  #editing() {
    const { own } = this.#entry;
    const name = h('input', { type: 'text', id: 'sheet-name', maxlength: 100, required: true, autocomplete: 'off' });
    const tags = h('input', { type: 'text', id: 'sheet-tags', autocomplete: 'off', 'aria-describedby': 'sheet-tags-help' });
    name.value = own.name;
    tags.value = (own.tags ?? []).join(', ');
    const save = h('button', { class: 'secondary small' }, i18n.t(own.take ? 'library.keep' : 'library.save'));
    const form = h(
      'form',
      { class: 'sheet-part pair' },
      h('div', { class: 'field' }, h('label', { for: name.id }, i18n.t('library.name')), name),
      h('div', { class: 'field' }, h('label', { for: tags.id }, i18n.t('library.tags')), tags, h('p', { class: 'help', id: 'sheet-tags-help' }, i18n.t('library.tagsHelp'))),
      h('div', { class: 'actions' }, save, h('span', { role: 'status', class: 'help saved' })),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#attempt(save, async () => {
        await this.studio.library.edit(own.id, { name: name.value.trim(), tags: tagsOf(tags.value), keep: true });
        await this.#again();
        // Not a toast: the dialog would cover it.
        const saved = this.#dialog.querySelector('.saved');
        if (saved) saved.textContent = i18n.t('library.saved');
      });
    });
    return form;
  }

  #why() {
    const answers = h('div', { role: 'status' });
    const buttons = ['silent', 'unstable'].map((why) => {
      const button = h('button', { type: 'button', class: 'secondary small', 'data-why': why }, i18n.t(`library.why.${why}`));
      button.addEventListener('click', () =>
        this.#attempt(button, async () => answers.replaceChildren(advice(await this.studio.library.diagnosis(this.#entry.id, why)))),
      );
      return button;
    });
    return h('section', { class: 'sheet-part' }, h('h3', {}, i18n.t('library.whyTitle')), h('div', { class: 'actions' }, ...buttons), answers);
  }

  #sample() {
    const { own } = this.#entry;
    if (own.origin !== 'cloned') return null;
    const file = h('input', { type: 'file', id: 'sheet-file', accept: 'audio/*,.wav,.mp3,.m4a', required: true });
    const consent = h('input', { type: 'checkbox', id: 'sheet-consent', required: true });
    const progress = h('progress', { max: 1, value: 0, hidden: true, 'aria-label': i18n.t('library.upload') });
    const state = h('p', { role: 'status', class: 'help' });
    const send = h('button', { class: 'secondary small' }, i18n.t('library.resample'));
    const form = h(
      'form',
      { class: 'sheet-part' },
      h('p', { class: 'help' }, i18n.t('library.resampleHelp')),
      h('div', { class: 'field' }, h('label', { for: file.id }, i18n.t('library.file')), file),
      h('label', { class: 'check', for: consent.id }, consent, h('span', {}, i18n.t('library.consent'))),
      h('div', { class: 'actions' }, send, progress),
      state,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const { signal } = this.#leaving;
      this.#attempt(send, async () => {
        progress.hidden = false;
        state.textContent = i18n.t('library.uploading');
        await this.studio.library.resample(own.id, { file: file.files[0], consent: true }, (share) => (progress.value = share));
        state.textContent = i18n.t('library.deploying');
        progress.removeAttribute('value');
        const end = await this.studio.library.follow(own.id, () => {}, signal).catch((cause) => {
          if (signal.aborted) return null;
          throw cause;
        });
        progress.hidden = true;
        if (end) state.textContent = i18n.t(end.usable ? 'library.resampled' : `library.status.${end.status}`);
      }).finally(() => (progress.hidden = true));
    });
    return h('details', { class: 'sheet-part more' }, h('summary', {}, i18n.t('library.newSample')), form);
  }

  #record() {
    const { own } = this.#entry;
    const answer = h('div', { role: 'status' });
    const button = h('button', { type: 'button', class: 'secondary small', 'data-evidence': true }, i18n.t('library.evidence'));
    button.addEventListener('click', () =>
      this.#attempt(button, async () => {
        const evidence = await this.studio.library.evidence(own.id);
        const save = h('button', { type: 'button', class: 'secondary small', 'data-save': true }, i18n.t('library.download'));
        save.addEventListener('click', () => saveFile(new Blob([JSON.stringify(evidence, null, 2)], { type: 'application/json' }), `${own.id}-evidence.json`));
        answer.replaceChildren(this.#agreed(evidence), factList(proof(evidence)), h('div', { class: 'actions' }, save));
      }),
    );
    const remove = h('button', { type: 'button', class: 'secondary small danger', 'data-remove': true }, i18n.t('library.delete'));
    remove.disabled = underWay(own);
    remove.addEventListener('click', () => {
      this.close();
      this.tell('remove', { voice: own });
    });
    return h('section', { class: 'sheet-part' }, h('div', { class: 'actions' }, button, remove), answer);
  }

  /** The question that the record is kept for, answered in a sentence. */
  #agreed({ consent }) {
    if (!consent) return h('p', {}, i18n.t(this.#entry.own.origin === 'designed' ? 'library.noSpeaker' : 'library.noConsent'));
    const at = consent.at ? new Intl.DateTimeFormat(i18n.language, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(consent.at)) : '';
    return h('p', {}, i18n.t('library.agreed', { who: consent.said_by ?? '', at }));
  }

  async #attempt(button, action) {
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    this.#alert.replaceChildren();
    try {
      await action();
    } catch (error) {
      this.#alert.replaceChildren(complaint(this, error));
      this.#alert.scrollIntoView({ block: 'nearest' });
    }
    button.setAttribute('aria-disabled', 'false');
  }

  /** Shows the voice as it is now. */
  async #again() {
    const { key } = this.#entry ?? {};
    await this.studio.refresh();
    if (!key || this.#entry?.key !== key) return;
    const own = this.studio.ownVoices.find((voice) => voice.id === this.#entry.id);
    if (!own) return;
    this.#entry = { ...this.#entry, own, name: own.name, tag: own.tags };
    this.#fill();
  }
}

function within(element, { clientX: x, clientY: y }) {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return x >= left && x <= right && y >= top && y <= bottom;
}

function factList(facts) {
  return h('dl', { class: 'fact-list' }, ...facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

/** What proves where a voice comes from; the file has the rest. */
function proof({ sample, verdicts, request_ids: requests, account, region, written }) {
  const judged = (verdicts?.verdicts ?? []).map(({ provider, verdict }) => `${providerName(provider)}: ${verdict}`);
  const facts = [
    ['sha256', sample?.sha256],
    ['source', sample?.source],
    ['judged', judged.join(', ')],
    ['requests', requests?.join(', ')],
    ['account', account],
    ['region', region],
    ['written', written],
  ];
  return facts.filter(([, value]) => value).map(([name, value]) => [i18n.t(`library.fact.${name}`), value]);
}

customElements.define('vb-voice-sheet', VoiceSheet);
