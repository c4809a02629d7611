import { decoded } from '../audio/decode.js';
import { spliced, toWav, trimmed } from '../audio/pcm.js';
import { atRate } from '../audio/rate.js';
import { i18n } from '../i18n.js';
import { complaint, remark } from './complaint.js';
import { VbElement, h, icon } from './element.js';
import { PLAY, STOP } from './icons.js';
import './recorder.js';
import './wave.js';

/** What a mended sample is better in. */
const MENDABLE = ['quiet', 'leading_silence', 'trailing_silence', 'long_pause', 'low_speech_ratio', 'stereo', 'bit_depth', 'open_header', 'too_large', 'too_long', 'low_rate'];
const NOTHING = new Float32Array(0);
/** What is selected where nothing asks for a certain stretch. */
const SELECTED_MS = 2_000;

/**
 * What the sample doctor says of a sample, and what can be done about it. Events: `checked {sample}` (its
 * `report` is there), `continue`, `again` (another sample is wanted).
 */
class CheckStep extends VbElement {
  /** @type {import('../studio.js').Studio} set before it enters the document */
  studio;
  #sample = null;
  #earlier = [];
  #mended = null;
  #clip = null;
  #wave;
  #body;
  #state;
  #trouble;
  #report;
  #stretch;
  #stretchTime;
  #stretchTools;
  #recorder;
  #mend;
  #next;
  #play;
  #undo;
  #undrawn;

  build() {
    this.#wave = h('vb-wave');
    this.#wave.selectable = true;
    this.#undrawn = this.say(h('p', { class: 'help', hidden: true }), 'clone.undrawn');
    this.#state = h('p', { role: 'status', class: 'check-state' });
    this.#trouble = h('div', { role: 'alert' });
    this.#report = h('div', { class: 'report' });
    this.#play = this.#button('secondary small', 'clone.play', () => this.#playSample(), PLAY);
    this.#undo = this.#button('secondary small', 'clone.undo', () => this.#takeBack());
    const select = this.#button('secondary small', 'clone.select', () => this.#select());
    this.#buildStretch();
    this.#mend = h('div', { class: 'mend' });
    this.#next = this.#button('primary', 'clone.next', () => this.usable && this.tell('continue'));
    this.#body = h(
      'div',
      { class: 'check-body' },
      this.#wave,
      this.#undrawn,
      h('div', { class: 'actions' }, this.#play, select, this.#undo),
      this.#stretch,
    );
    this.append(
      this.#state,
      this.#body,
      this.#trouble,
      this.#report,
      this.#mend,
      h('div', { class: 'actions' }, this.#next, this.#button('secondary', 'clone.again', () => this.tell('again'))),
    );
    this.scope.on(this.#wave, 'stretch', () => this.#showStretch());
  }

  translate() {
    super.translate();
    if (this.#sample?.report) this.#show();
    this.#showStretch();
  }

  /** Whether any provider can make a voice of it. */
  get usable() {
    return this.#verdicts().some((verdict) => verdict.verdict !== 'refused');
  }

  /** The recorder is still, and so is the loudspeaker. */
  leave() {
    this.#recorder.cancel();
    this.#clip?.stop();
  }

  /** @param {object} sample `{blob, name, sound?, text?, language?, report?}` */
  examine(sample) {
    this.#earlier = [];
    return this.#look(sample);
  }

  async #look(sample) {
    this.leave();
    this.#sample = sample;
    this.#mended = null;
    this.#undo.hidden = this.#earlier.length === 0;
    this.#trouble.replaceChildren();
    this.#report.replaceChildren();
    this.#mend.replaceChildren();
    this.#undrawn.hidden = true;
    this.#next.setAttribute('aria-disabled', 'true');
    this.#body.hidden = !sample.sound;
    if (sample.sound) this.#wave.show(sample.sound);
    delete this.dataset.verdict;
    this.say(this.#state, 'clone.checking');
    try {
      sample.report ??= await this.studio.library.check(sample.blob);
      if (!sample.sound && sample.report.measures) sample.sound = await decoded(sample.blob, sample.report.file);
    } catch (error) {
      if (sample === this.#sample) this.#complain(error, () => this.#look(sample));
      return;
    }
    if (sample !== this.#sample || !this.isConnected) return;
    this.#wave.show(sample.sound ?? null, sample.report.file.duration_ms);
    this.#body.hidden = !sample.report.measures;
    this.#undrawn.hidden = Boolean(sample.sound);
    this.#show();
    this.tell('checked', { sample });
  }

  #complain(error, retry) {
    this.say(this.#state, 'clone.unchecked');
    this.#trouble.replaceChildren(complaint(this, error, retry));
  }

  /** Of the providers that voices can be made with here. */
  #verdicts() {
    const offered = new Set(this.studio.targets.map((target) => target.provider));
    return (this.#sample?.report?.verdicts ?? []).filter((verdict) => offered.size === 0 || offered.has(verdict.provider));
  }

  #show() {
    const { report } = this.#sample;
    const findings = [...report.findings].map((finding, i) => ({ ...finding, number: i + 1 }));
    this.#wave.mark(
      findings
        .filter((finding) => finding.begin_ms !== undefined)
        .map(({ code, number, severity, begin_ms: beginMs, end_ms: endMs }) => ({ code, number, severity, beginMs, endMs })),
    );
    const verdicts = this.#verdicts();
    const all = (what) => verdicts.every((verdict) => verdict.verdict === what);
    const judgement = !this.usable ? 'refused' : !all('ok') ? 'mendable' : findings.some((finding) => finding.severity !== 'advice') ? 'remarks' : 'good';
    this.dataset.verdict = judgement;
    this.say(this.#state, `clone.judgement.${judgement}`);
    this.#next.setAttribute('aria-disabled', String(!this.usable));
    this.#report.replaceChildren(this.#chips(verdicts), ...(report.measures ? [this.#facts(report)] : []), ...(findings.length > 0 ? [this.#list(findings)] : []));
    if (!this.#mended) this.#offerMending();
  }

  #chips(verdicts) {
    const list = this.say(h('ul', { class: 'verdicts' }), 'clone.verdicts', {}, 'aria-label');
    for (const { provider, verdict } of verdicts) {
      list.append(
        h(
          'li',
          { class: `verdict ${verdict}`, 'data-provider': provider, 'data-verdict': verdict },
          h('b', {}, i18n.t(`clone.provider.${provider}`)),
          h('span', {}, i18n.t(`clone.verdict.${verdict}`)),
        ),
      );
    }
    return list;
  }

  #facts({ file, measures }) {
    const words = i18n.t('clone.facts', {
      seconds: i18n.seconds(file.duration_ms),
      speech: i18n.seconds(measures.speech_ms),
      khz: i18n.number(file.sample_rate / 1000, { maximumFractionDigits: 1 }),
      snr: Math.round(measures.snr_db),
    });
    return h('p', { class: 'help check-facts' }, words);
  }

  #list(findings) {
    const list = h('ol', { class: 'findings' });
    const words = (both) => both[i18n.language] ?? both.en;
    const { duration_ms: durationMs } = this.#sample.report.file;
    for (const finding of findings) {
      const timed = finding.begin_ms !== undefined && (finding.begin_ms > 0 || finding.end_ms < durationMs);
      const item = h('li', { class: `finding ${finding.severity}`, 'data-code': finding.code }, h('span', { class: 'number', 'aria-hidden': 'true' }, String(finding.number)));
      const title = h('p', { class: 'what' }, words(finding.message));
      if (timed) title.append(' ', h('span', { class: 'span' }, i18n.t('clone.span', { from: i18n.seconds(finding.begin_ms), to: i18n.seconds(finding.end_ms) })));
      const text = h('div', {}, title, h('p', { class: 'hint' }, words(finding.what_to_do)));
      if (timed && this.#sample.sound) text.append(this.#button('link', 'clone.selectThis', () => this.#select({ beginMs: finding.begin_ms, endMs: finding.end_ms })));
      item.append(text);
      list.append(item);
    }
    return list;
  }

  // -- listening ------------------------------------------------------------------------------------

  #playSample() {
    if (this.#clip) this.#clip.stop();
    else this.#listen(this.#play, this.#sample.blob, this.#wave, 0);
  }

  #listen(button, blob, wave, fromMs) {
    const clip = this.studio.play(blob);
    this.#clip = clip;
    const sign = (path, key) => button.replaceChildren(icon(path), this.say(h('span'), key));
    const key = button.dataset.key;
    sign(STOP, 'clone.stop');
    const undo = this.scope.every(50, () => (wave.position = fromMs + clip.audio.currentTime * 1000));
    clip.done.then(() => {
      undo();
      wave.position = null;
      sign(PLAY, key);
      if (this.#clip === clip) this.#clip = null;
    });
  }

  // -- a stretch of it ------------------------------------------------------------------------------

  #buildStretch() {
    this.#stretchTime = h('p', { class: 'span' });
    const play = this.#button('secondary small', 'clone.stretch.play', () => this.#playStretch(play), PLAY);
    this.#recorder = h('vb-recorder');
    this.#recorder.whole = false;
    this.#stretchTools = h(
      'div',
      { class: 'actions' },
      play,
      this.#button('secondary small', 'clone.stretch.cut', () => this.#replace(NOTHING)),
      this.#button('secondary small', 'clone.stretch.clear', () => (this.#wave.selection = null)),
    );
    this.#stretch = h('div', { class: 'stretch', hidden: true }, this.#stretchTime, this.#stretchTools, this.say(h('p', { class: 'help' }), 'clone.stretch.help'), this.#recorder);
    this.scope.on(this.#recorder, 'recorded', ({ detail }) => this.#recordedAgain(detail));
  }

  #select(stretch) {
    if (!this.#sample?.sound) return;
    const middle = this.#wave.durationMs / 2;
    this.#wave.selection = stretch ?? this.#wave.selection ?? { beginMs: middle - SELECTED_MS / 2, endMs: middle + SELECTED_MS / 2 };
    this.#wave.focusSelection();
  }

  #showStretch() {
    const chosen = this.#wave.selection;
    this.#stretch.hidden = chosen === null;
    if (!chosen) {
      this.#recorder.cancel();
      return;
    }
    this.#stretchTime.textContent = i18n.t('clone.stretch', { from: i18n.seconds(chosen.beginMs), to: i18n.seconds(chosen.endMs) });
  }

  #playStretch(button) {
    if (this.#clip) {
      this.#clip.stop();
      return;
    }
    const { samples, sampleRate } = this.#sample.sound;
    const { from, to } = this.#indices();
    this.#listen(button, toWav(samples.subarray(from, to), sampleRate), this.#wave, this.#wave.selection.beginMs);
  }

  #indices() {
    const { beginMs, endMs } = this.#wave.selection;
    const { samples, sampleRate } = this.#sample.sound;
    const index = (ms) => Math.min(samples.length, Math.round((ms * sampleRate) / 1000));
    return { from: index(beginMs), to: index(endMs) };
  }

  async #recordedAgain(recording) {
    const { sampleRate } = this.#sample.sound;
    const before = this.#sample;
    const voice = trimmed(await atRate(recording.samples, recording.sampleRate, sampleRate), sampleRate);
    if (before !== this.#sample || !this.#wave.selection) return;
    if (voice.length === 0) this.#trouble.replaceChildren(remark(this.say(h('p'), 'clone.stretch.silent')));
    else this.#replace(voice);
  }

  #replace(insert) {
    if (!this.#sample.sound || !this.#wave.selection) return;
    const { samples, sampleRate } = this.#sample.sound;
    const { from, to } = this.#indices();
    const sound = { samples: spliced(samples, from, to, insert, sampleRate), sampleRate };
    this.#becomes({ blob: wavOf(sound), sound });
  }

  /** The sample is another one now; the one before isn't forgotten. */
  #becomes(change) {
    this.#earlier.push(this.#sample);
    const { name, text, language } = this.#sample;
    this.#look({ name, text, language, ...change }).then(() => this.#play.focus());
  }

  #takeBack() {
    const before = this.#earlier.pop();
    if (before) this.#look(before);
  }

  // -- mending --------------------------------------------------------------------------------------

  /** The provider whose rules the mending should follow: the first that needs it. */
  #mendedFor() {
    const { report } = this.#sample;
    const verdicts = this.#verdicts().filter(({ provider }) => report.mended?.[provider]);
    const needs = verdicts.find((verdict) => verdict.verdict === 'usable_after_mending');
    return (needs ?? verdicts[0])?.provider;
  }

  #offerMending() {
    const { report } = this.#sample;
    const better = report.findings.some((finding) => MENDABLE.includes(finding.code));
    if (!this.#mendedFor() || !better) {
      this.#mend.replaceChildren();
      return;
    }
    this.#mend.replaceChildren(
      h('h4', {}, i18n.t('clone.mend.title')),
      h('p', { class: 'help' }, i18n.t('clone.mend.offer'), ' ', this.dataset.verdict === 'mendable' ? i18n.t('clone.mend.auto') : ''),
      h('div', { class: 'actions' }, this.#button('secondary', 'clone.mend.hear', () => this.#showMended())),
    );
  }

  async #showMended() {
    if (this.#mended) return;
    const sample = this.#sample;
    const provider = this.#mendedFor();
    this.#mended = { wav: null };
    let mended;
    try {
      mended = await this.studio.library.mended(sample.blob, provider);
      const { report } = this.#sample;
      mended.sound = await decoded(mended.wav, { sample_rate: Math.min(48_000, Math.max(24_000, report.file.sample_rate)), duration_ms: 0 });
    } catch (error) {
      this.#mended = null;
      if (sample === this.#sample) this.#trouble.replaceChildren(complaint(this, error, () => this.#showMended()));
      return;
    }
    if (sample !== this.#sample) return;
    this.#trouble.replaceChildren();
    this.#mended = mended;
    const wave = h('vb-wave');
    const before = this.#button('secondary small', 'clone.mend.before', () => this.#swap(before, sample.blob, this.#wave), PLAY);
    const after = this.#button('secondary small', 'clone.mend.after', () => this.#swap(after, mended.wav, wave), PLAY);
    const use = this.#button('primary', 'clone.mend.use', () => this.#becomes({ blob: new File([mended.wav], 'mended.wav', { type: 'audio/wav' }), sound: mended.sound ?? undefined }));
    const steps = this.say(h('ul', { class: 'mend-steps' }), 'clone.mend.steps', {}, 'aria-label');
    for (const step of mended.steps) if (i18n.has(`clone.mend.step.${step}`)) steps.append(this.say(h('li'), `clone.mend.step.${step}`));
    this.#mend.replaceChildren(this.say(h('h4'), 'clone.mend.title'), steps, wave, h('div', { class: 'actions' }, before, after), h('div', { class: 'actions' }, use));
    wave.show(mended.sound);
    after.focus();
  }

  #swap(button, blob, wave) {
    const mine = this.#clip && button.dataset.playing;
    this.#clip?.stop();
    if (mine) return;
    button.dataset.playing = 'true';
    this.#listen(button, blob, wave, 0);
    this.#clip.done.then(() => delete button.dataset.playing);
  }

  #button(kind, key, act, path) {
    const button = h('button', { type: 'button', class: kind, 'data-key': key }, ...(path ? [icon(path)] : []), this.say(h('span'), key));
    button.addEventListener('click', act);
    return button;
  }
}

function wavOf({ samples, sampleRate }) {
  return new File([toWav(samples, sampleRate)], 'sample.wav', { type: 'audio/wav' });
}

customElements.define('vb-check-step', CheckStep);
