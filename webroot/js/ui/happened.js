import { i18n } from '../i18n.js';
import { waterfall } from '../speak/waterfall.js';
import { Drawing } from './drawing.js';
import { VbElement, h, svg } from './element.js';

const WIDTH = 1000;
/** What takes no time is still there. */
const THINNEST = 4;
const KEPT = 8;
const STRIP_AT_LEAST_MS = 3_000;

/** What happened to the last texts: from the click to the first sample, the buffer, sizes, what was counted. */
class Happened extends VbElement {
  #stages;
  #words;
  #strip;
  #facts = {};
  #history;
  #takes = [];
  #shown = null;
  /** @type {Drawing} */
  #drawing;

  build() {
    this.#words = h('p', { class: 'visually-hidden' });
    this.#stages = h('ol', { class: 'waterfall', 'aria-hidden': 'true' });
    this.#strip = h('canvas', { class: 'strip', role: 'img' });
    this.#history = h('ol', { class: 'history' });
    const facts = h('dl', { class: 'facts' });
    for (const name of ['received', 'counted', 'buffer']) {
      this.#facts[name] = h('dd', { 'data-fact': name });
      facts.append(h('div', {}, this.say(h('dt'), `happened.${name}`), this.#facts[name]));
    }
    this.append(
      this.say(h('h3'), 'happened.waterfall'),
      this.#words,
      this.#stages,
      this.say(h('h3'), 'happened.strip'),
      this.#strip,
      facts,
      this.say(h('h3'), 'happened.history'),
      this.#history,
    );
    this.#drawing = new Drawing(this.#strip, this.scope, (...how) => this.#draw(...how));
  }

  translate() {
    super.translate();
    this.#show();
    this.#showHistory();
  }

  /** A take began; it is followed from now on. @param {import('../take.js').Take} take */
  follow(take) {
    if (this.#takes[0] === take) return;
    this.#takes = [take, ...this.#takes].slice(0, KEPT);
    this.#shown = take;
    this.update();
  }

  /** More is known about when what happened. */
  update() {
    this.#show();
    this.#showHistory();
  }

  /** The buffer has another level. */
  progress() {
    if (this.#shown === this.#takes[0]) this.#showFacts();
    this.#drawing.soon();
  }

  #show() {
    const stages = this.#shown ? waterfall(this.#shown.marks, this.#shown.timings) : [];
    const total = stages.at(-1)?.toMs ?? 0;
    this.#stages.replaceChildren(...stages.map((stage) => this.#row(stage, total)));
    const told = stages.map(({ stage, fromMs, toMs }) => i18n.t('happened.stage', { stage: i18n.t(`stage.${stage}`), ms: Math.round(toMs - fromMs) }));
    this.#words.textContent = stages.length > 0 ? i18n.t('happened.words', { stages: told.join(i18n.t('happened.and')), total: Math.round(total) }) : i18n.t('happened.nothing');
    this.#showFacts();
    this.#drawing.soon();
  }

  #row({ stage, fromMs, toMs }, total) {
    const x = Math.min((fromMs / total) * WIDTH || 0, WIDTH - THINNEST);
    const width = Math.max(((toMs - fromMs) / total) * WIDTH || 0, THINNEST);
    const picture = svg('svg', { viewBox: `0 0 ${WIDTH} 12`, preserveAspectRatio: 'none' });
    picture.append(svg('rect', { x: 0, y: 5, width: WIDTH, height: 2, class: 'ground' }), svg('rect', { x, y: 0, width, height: 12, class: `bar bar-${stage}` }));
    const ms = h('span', { class: 'time' }, i18n.t('player.firstSound.value', { ms: Math.round(toMs - fromMs) }));
    return h('li', { 'data-stage': stage, 'data-from': fromMs, 'data-to': toMs }, h('span', {}, i18n.t(`stage.${stage}`)), picture, ms);
  }

  #showFacts() {
    const take = this.#shown;
    const none = i18n.t('player.none');
    const { received, counted, buffer } = this.#facts;
    received.textContent = take ? i18n.t('happened.received.value', { kb: Math.round(take.samples / 500), n: take.chunks.length }) : none;
    const unit = take?.unit ?? 'characters';
    const n = take?.characters ?? take?.cost ?? 0;
    counted.textContent = take ? i18n.t(take.characters === null ? 'happened.counted.guessed' : `happened.counted.${unit}`, { n }) : none;
    const most = Math.max(0, ...(take?.buffer ?? []).map(([, ms]) => ms));
    const slots = { seconds: i18n.seconds(most), n: take?.gaps ?? 0 };
    buffer.textContent = take ? i18n.t('happened.buffer.value', slots) : none;
    this.#strip.setAttribute('aria-label', i18n.t('happened.strip.words', slots));
  }

  #showHistory() {
    const longest = Math.max(1, ...this.#takes.map((take) => waterfall(take.marks, take.timings).at(-1)?.toMs ?? 0));
    this.#history.replaceChildren(...this.#takes.map((take) => h('li', {}, this.#past(take, longest))));
    if (this.#takes.length === 0) this.#history.append(h('li', { class: 'help' }, i18n.t('happened.nothing')));
  }

  #past(take, longest) {
    const picture = svg('svg', { viewBox: `0 0 ${WIDTH} 8`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
    for (const { stage, fromMs, toMs } of waterfall(take.marks, take.timings)) {
      picture.append(svg('rect', { x: (fromMs / longest) * WIDTH, y: 0, width: ((toMs - fromMs) / longest) * WIDTH, height: 8, class: `bar bar-${stage}` }));
    }
    const heard = take.after('heard');
    const words = [...take.text.trim()].slice(0, 24).join('');
    const label = h('span', {}, words, ' ', h('span', { class: 'time' }, heard === null ? i18n.t(`happened.${take.status || 'waiting'}`) : i18n.t('player.firstSound.value', { ms: heard })));
    const button = h('button', { type: 'button', class: 'past', 'aria-pressed': String(take === this.#shown) }, label, picture);
    button.addEventListener('click', () => {
      const at = this.#takes.indexOf(take);
      this.#shown = take;
      this.update();
      this.#history.children[at]?.firstChild.focus();
    });
    return button;
  }

  #draw(paint, { width, height, ratio }, colours) {
    paint.fillStyle = colours.getPropertyValue('--sunken');
    paint.fillRect(0, height - ratio, width, ratio);
    const levels = this.#shown?.buffer ?? [];
    if (levels.length === 0) return;
    const span = Math.max(STRIP_AT_LEAST_MS, levels.at(-1)[0]);
    const most = Math.max(1_000, ...levels.map(([, ms]) => ms));
    paint.fillStyle = colours.getPropertyValue('--wave-waiting');
    paint.beginPath();
    paint.moveTo((levels[0][0] / span) * width, height);
    for (const [at, ms] of levels) paint.lineTo((at / span) * width, height - (ms / most) * (height - ratio));
    paint.lineTo((levels.at(-1)[0] / span) * width, height);
    paint.fill();
    paint.fillStyle = colours.getPropertyValue('--alarm');
    for (const at of this.#shown.dry) paint.fillRect((at / span) * width, 0, 2 * ratio, height);
  }
}

customElements.define('vb-happened', Happened);
