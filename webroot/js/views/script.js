import { i18n } from '../i18n.js';
import strings from '../i18n/script.js';
import { wavFile } from '../audio/wav.js';
import { resampled } from '../audio/resampled.js';
import { scriptText } from '../memory.js';
import { sessionOf } from '../profiles.js';
import { saveFile, stamp } from '../save.js';
import { MAX_LINES, decoded, fileName, joined, parseScript, remade, srt, timesOf } from '../script/lines.js';
import { ScriptRun } from '../script/run.js';
import { zip } from '../script/zip.js';
import { amplified, fromDb } from '../speak/level.js';
import { h } from '../ui/element.js';
import { toast } from '../ui/toast.js';
import '../ui/voice-pick.js';
import { View } from './view.js';

i18n.learn(strings);

const MAX_FILE = 1 << 20;
const GAPS_MS = [0, 200, 400, 800, 1500, 3000];

/** Many lines, one take each. */
class Script extends View {
  #run;
  #lines = [];
  /** Lines with takes whose words are gone from the text; they come back with them. */
  #left = [];
  #text;
  #pick;
  #writing;
  #work;
  #rows;
  #progress;
  #words;
  #buttons = {};
  #gap;
  #clip = null;

  build() {
    this.#run = new ScriptRun(this.studio.newBridge());
    this.#text = h('textarea', { id: 'script-text', rows: 10, class: 'script-text' });
    this.#text.value = scriptText.get() ?? '';
    this.#pick = h('vb-voice-pick', { id: 'script-voice' });
    this.#pick.studio = this.studio;
    const open = this.#button('open', 'secondary', () => file.click());
    const file = h('input', { type: 'file', accept: '.txt,.srt,.vtt,text/plain', hidden: true });
    const take = this.#button('take', 'primary', () => this.#make());
    this.#writing = h(
      'div',
      { class: 'card script-writing' },
      h('div', { class: 'field' }, this.say(h('span', { class: 'row-label' }), 'script.voice'), this.#pick),
      h('div', { class: 'field' }, this.say(h('label', { for: 'script-text' }), 'script.text'), this.#text, this.say(h('p', { class: 'help' }), 'script.textHint')),
      h('div', { class: 'actions' }, take, open, file),
    );
    this.#work = h('div', { class: 'script-work', hidden: true }, this.#bar());
    this.#rows = h('ol', { class: 'script-lines' });
    this.#work.append(this.#rows);
    this.append(
      h('header', { class: 'page-head' }, this.say(h('h2'), 'script.title'), this.say(h('p', { class: 'help' }), 'script.lead')),
      this.#writing,
      this.#work,
    );
    this.scope.on(this.#text, 'input', () => scriptText.set(this.#text.value));
    this.scope.on(file, 'change', () => this.#read(file));
    this.scope.on(this.#run, 'line', ({ detail }) => this.#redraw(detail.line));
    this.scope.on(this.#run, 'state', () => this.#showBar());
    this.scope.on(this.studio, 'stock', () => this.#suggest());
    this.scope.on(window, 'beforeunload', (event) => {
      if (!this.#unsaved) return;
      event.preventDefault();
      event.returnValue = true; // what older browsers heed
    });
    this.#suggest();
  }

  translate() {
    super.translate();
    if (this.#lines.length === 0) return;
    this.#rows.replaceChildren(...this.#lines.map((line) => this.#row(line)));
    this.#showBar();
  }

  leave() {
    this.#clip?.stop();
  }

  #button(name, kind, act) {
    const button = this.say(h('button', { type: 'button', class: kind, id: `script-${name}` }), `script.${name}`);
    button.onclick = act;
    this.#buttons[name] = button;
    return button;
  }

  #bar() {
    this.#progress = h('progress', { max: 1, value: 0, 'aria-labelledby': 'script-words' });
    this.#words = h('output', { id: 'script-words', role: 'status' });
    this.#gap = h('select', { id: 'script-gap', class: 'quiet' });
    return h(
      'div',
      { class: 'card script-bar' },
      h('div', { class: 'script-progress' }, this.#words, this.#progress),
      h(
        'div',
        { class: 'actions' },
        this.#button('speakAll', 'primary', () => this.#speak(this.#lines.filter((line) => line.chosen < 0))),
        this.#button('pause', 'secondary', () => this.#run.pause()),
        this.#button('resume', 'primary', () => this.#run.resume()),
        this.#button('stop', 'secondary', () => this.#run.stop()),
        this.#button('edit', 'secondary', () => this.#edit()),
      ),
      h(
        'div',
        { class: 'actions' },
        this.#button('exportOne', 'secondary small', () => this.#exportOne()),
        this.#button('exportMany', 'secondary small', () => this.#exportMany()),
        this.say(h('label', { for: 'script-gap' }), 'script.gap'),
        this.#gap,
      ),
    );
  }

  /** A voice to begin with, once there are any. */
  #suggest() {
    const first = this.studio.voices[0];
    if (first && !this.#pick.value.model) this.#pick.value = { model: this.studio.modelFor(first), voiceId: first.id };
  }

  async #read(input) {
    const [file] = input.files;
    input.value = '';
    if (!file) return;
    const text = file.size > MAX_FILE ? null : decoded(await file.arrayBuffer());
    if (text === null) {
      toast('script.notText');
      return;
    }
    const before = this.#text.value;
    this.#write(text);
    if (before.trim() === '' || before === this.#text.value) return;
    toast('script.opened', { name: file.name }, { label: 'script.undo', act: () => this.#write(before) });
  }

  #write(text) {
    this.#text.value = text;
    scriptText.set(text);
  }

  /** Whether something that was paid for would be lost with the page. */
  get #unsaved() {
    return this.#lines.some(({ takes, chosen }) => takes.length > 0 && !(takes[chosen] ?? takes.at(-1)).saved);
  }

  #make() {
    const profiles = this.studio.profiles.all;
    const found = parseScript(this.#text.value, profiles.map((one) => one.name));
    if (found.length === 0) {
      toast('script.nothing');
      this.#text.focus();
      return;
    }
    if (found.length > MAX_LINES) {
      toast('script.tooMany', { n: MAX_LINES, lines: found.length });
      return;
    }
    const named = found.map(({ text, speaker }) => ({ text, named: profiles.find((one) => one.name === speaker)?.id ?? '' }));
    const { lines, left } = remade([...this.#lines, ...this.#left], named);
    this.#lines = lines;
    this.#left = left;
    this.#rows.replaceChildren(...this.#lines.map((line) => this.#row(line)));
    this.#writing.hidden = true;
    this.#work.hidden = false;
    this.#showBar();
    this.#buttons.speakAll.focus();
  }

  #edit() {
    this.#run.stop();
    this.#work.hidden = true;
    this.#writing.hidden = false;
    this.#text.focus();
  }

  #speak(lines) {
    this.#run.speak(lines, (line) => this.#how(line));
  }

  #how(line) {
    const profile = this.studio.profiles.get(line.profile);
    const { model: id, voiceId } = this.#pick.value;
    const one = profile ?? { model: id, voice: voiceId, language: '', speed: 1, instructions: '' };
    const model = this.studio.models.find((each) => each.id === one.model);
    // A field that is left out must not stay from the line before.
    return { model: one.model, speaker: profile?.id, fields: { speech_rate: undefined, language_type: undefined, instructions: undefined, ...sessionOf(one, model) } };
  }

  #row(line) {
    const n = this.#lines.indexOf(line) + 1;
    const row = h('li', { class: 'script-line', 'data-status': line.status });
    line.row = row;
    const who = h('select', { class: 'quiet', 'aria-label': i18n.t('script.speaker', { n }) }, h('option', { value: '' }, i18n.t('script.default')));
    for (const one of this.studio.profiles.all) who.append(h('option', { value: one.id }, one.name));
    who.value = line.profile;
    if (who.selectedIndex < 0) who.value = '';
    who.onchange = () => (line.profile = who.value);
    const busy = line.status === 'waiting' || line.status === 'speaking';
    const take = h('button', { type: 'button', class: 'secondary small', 'data-take': '', disabled: busy }, i18n.t(line.takes.length > 0 ? 'script.again' : 'script.retake'));
    take.onclick = () => this.#speak([line]);
    const listen = h('button', { type: 'button', class: 'secondary small', 'data-listen': '', disabled: line.chosen < 0 }, i18n.t('script.listen'));
    listen.onclick = () => this.#listen(line, listen);
    row.append(
      h('span', { class: 'script-number', 'aria-label': i18n.t('script.line', { n }) }, i18n.number(n)),
      h('p', { class: 'script-words' }, line.text),
      h('div', { class: 'script-tools' }, who, this.#takes(line, n), h('span', { class: 'script-status' }, this.#status(line)), take, listen),
    );
    return row;
  }

  #takes(line, n) {
    if (line.takes.length < (line.chosen < 0 ? 1 : 2)) return '';
    const select = h('select', { class: 'quiet', 'aria-label': i18n.t('script.takes', { n }) });
    if (line.chosen < 0) select.append(h('option', { value: -1 }, i18n.t('script.takes.none')));
    line.takes.forEach((take, i) => select.append(h('option', { value: i }, i18n.t('script.takeName', { n: i + 1, seconds: i18n.seconds(take.totalMs) }))));
    select.value = String(line.chosen);
    select.onchange = () => {
      line.chosen = Number(select.value);
      this.#redraw(line);
    };
    return select;
  }

  #status(line) {
    if (line.status === 'failed') return i18n.t('script.failed', { message: i18n.problem(line.error) });
    if (line.status) return i18n.t(`script.status.${line.status}`);
    if (line.chosen < 0) return i18n.t('script.status.none');
    return i18n.t('script.status.done', { seconds: i18n.seconds(line.takes[line.chosen].totalMs) });
  }

  #redraw(line) {
    const old = line.row;
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const row = this.#row(line);
    old.replaceWith(row);
    if (focused) row.querySelector(focused.hasAttribute('data-listen') ? '[data-listen]' : '[data-take]').focus();
    this.#showBar();
  }

  #showBar() {
    const all = this.#lines.length;
    const done = this.#lines.filter((line) => line.chosen >= 0).length;
    const failed = this.#lines.filter((line) => line.status === 'failed').length;
    this.#progress.max = Math.max(1, all);
    this.#progress.value = done;
    this.#words.textContent = i18n.t(failed > 0 ? 'script.progressFailed' : 'script.progress', { done, all, failed });
    const { state } = this.#run;
    this.#work.dataset.state = state;
    this.#buttons.speakAll.hidden = state !== 'idle' || done === all;
    this.#buttons.pause.hidden = state !== 'running';
    this.#buttons.resume.hidden = state !== 'pausing' && state !== 'paused';
    this.#buttons.stop.hidden = state === 'idle';
    this.#buttons.edit.hidden = state === 'running';
    const chosen = this.#gap.value || '400';
    this.#gap.replaceChildren(...GAPS_MS.map((ms) => h('option', { value: ms }, i18n.t('script.gap.value', { seconds: i18n.seconds(ms) }))));
    this.#gap.value = chosen;
  }

  #listen(line, button) {
    if (this.#clip?.line === line) {
      this.#clip.stop();
      return;
    }
    const clip = this.studio.play(this.#wav(line.takes[line.chosen]));
    clip.line = line;
    this.#clip = clip;
    button.textContent = i18n.t('script.silence');
    clip.done.then(() => {
      if (this.#clip === clip) this.#clip = null;
      button.textContent = i18n.t('script.listen');
    });
  }

  /** The samples of a take, as loud as the profile that spoke it is meant to be now. */
  #sound({ chunks, speaker }) {
    const gain = this.studio.profiles.get(speaker)?.gain ?? 0;
    return gain === 0 ? chunks : chunks.map((chunk) => amplified(chunk, fromDb(gain)));
  }

  #wav(take) {
    return wavFile(this.#sound(take), take.sampleRate);
  }

  /** Lines with their chosen takes; tells which ones have none. */
  #chosen() {
    const spoken = this.#lines.map((line, i) => ({ line, number: i + 1, take: line.takes[line.chosen] })).filter(({ take }) => take);
    if (spoken.length === 0) toast('script.longer');
    else if (spoken.length < this.#lines.length) toast('script.missing', { n: this.#lines.length - spoken.length });
    return spoken;
  }

  async #exportOne() {
    const spoken = this.#chosen();
    if (spoken.length === 0) return;
    const rate = Math.max(...spoken.map(({ take }) => take.sampleRate));
    const gapMs = Number(this.#gap.value);
    const sounds = await Promise.all(spoken.map(({ take }) => resampled(this.#sound(take), take.sampleRate, rate)));
    const times = timesOf(spoken.map(({ take }) => take.totalMs), gapMs);
    const name = `voicebridge-${stamp()}`;
    const subtitles = srt(spoken.map(({ line }, i) => ({ text: line.text, ...times[i] })));
    const wav = wavFile(joined(sounds, rate, gapMs), rate);
    saveFile(zip([await entry(`${name}.wav`, wav), await entry(`${name}.srt`, new Blob([subtitles]))]), `${name}.zip`);
    for (const { take } of spoken) take.saved = true;
  }

  async #exportMany() {
    const spoken = this.#chosen();
    if (spoken.length === 0) return;
    const files = [];
    for (const { line, number, take } of spoken) {
      const name = fileName(number, line.text);
      files.push(await entry(`${name}.wav`, this.#wav(take)));
      files.push(await entry(`${name}.srt`, new Blob([srt([{ text: line.text, beginMs: 0, endMs: take.totalMs }])])));
    }
    saveFile(zip(files), `voicebridge-${stamp()}.zip`);
    for (const { take } of spoken) take.saved = true;
  }
}

async function entry(name, blob) {
  return { name, bytes: new Uint8Array(await blob.arrayBuffer()) };
}

customElements.define('vb-script', Script);
