import { i18n } from '../i18n.js';
import { BAR_MS } from '../take.js';
import { Drawing } from './drawing.js';
import { VbElement, h, icon } from './element.js';
import { AGAIN, SAVE } from './icons.js';

/** The canvas shows at least so much, that a short word isn't stretched over the whole width. */
const SHORTEST_MS = 4_000;
/** Whoever has it read aloud can't follow more often. */
const NOTE_MS = 2_000;

/**
 * The outline of what was received, how far it was heard, and what became of it. Events: `save {format}`,
 * `again`.
 * `soundingSamples` counts the samples that reached the loudspeaker.
 */
class PlayerView extends VbElement {
  #canvas;
  #position;
  #save;
  #again;
  #formats;
  #note;
  #notedAt = 0;
  #cost = 0;
  #facts = {};
  #meter;
  #take = null;
  /** @type {Drawing} */
  #drawing;

  build() {
    this.#canvas = h('canvas', { class: 'wave', role: 'img' });
    this.#position = h('span', { class: 'position' });
    this.#save = this.#button('save', SAVE);
    this.#formats = this.say(h('select', { id: 'format', class: 'quiet' }), 'player.format', {}, 'aria-label');
    this.#note = h('p', { class: 'help', role: 'status', id: 'format-note' });
    this.formats = ['wav'];
    this.scope.on(this.#formats, 'change', () => this.#showNote());
    this.#again = this.#button('again', AGAIN);
    this.#meter = h('meter', { min: 0, max: 1, low: 0, value: 0 });
    this.say(this.#meter, 'player.level', {}, 'aria-label');
    this.append(
      h('div', { class: 'wave-frame' }, this.#canvas, this.say(h('p', { class: 'wave-empty', 'aria-hidden': 'true' }), 'player.empty')),
      h('div', { class: 'player-row' }, h('div', { class: 'progress' }, this.#position, this.#meter), h('div', { class: 'player-buttons' }, this.#again, h('span', { class: 'save' }, this.#save, this.#formats))),
      this.#note,
      h('dl', { class: 'facts' }, this.#fact('firstSound'), this.#fact('buffer'), this.#fact('gaps')),
    );
    this.#drawing = new Drawing(this.#canvas, this.scope, (...how) => this.#draw(...how));
  }

  translate() {
    super.translate();
    this.show(this.#take);
    this.#showNote();
  }

  /** What the take can be saved as; `wav` and `pcm` are at hand, another is made by the server. */
  set formats(formats) {
    const chosen = this.#formats.value;
    this.#formats.replaceChildren(...formats.map((format) => h('option', { value: format }, format.toUpperCase())));
    this.#formats.value = formats.includes(chosen) ? chosen : formats[0];
    this.#showNote();
  }

  /** What it costs to have the text spoken once more, characters. */
  set cost(characters) {
    this.#cost = characters;
    this.#showNote();
  }

  /** How far the server is with a file. */
  making(format, bytes) {
    if (bytes > 0 && performance.now() - this.#notedAt < NOTE_MS) return;
    this.#notedAt = performance.now();
    this.#note.textContent = i18n.t('player.making', { format: format.toUpperCase(), kb: Math.round(bytes / 1000) });
  }

  /** It is made, or not. */
  made() {
    this.#showNote();
  }

  #showNote() {
    const format = this.#formats.value;
    const atHand = ['wav', 'pcm'].includes(format);
    this.#note.textContent = atHand ? '' : i18n.t('player.again.costs', { format: format.toUpperCase(), n: this.#cost });
  }

  get soundingSamples() {
    return Number(this.dataset.soundingSamples ?? 0);
  }

  set soundingSamples(count) {
    this.dataset.soundingSamples = count;
  }

  set level(peak) {
    this.#meter.value = peak;
  }

  /** @param {import('../take.js').Take | null} take */
  show(take) {
    this.#take = take;
    const total = take?.totalMs ?? 0;
    const played = Math.min(take?.playedMs ?? 0, total);
    const slots = { played: i18n.seconds(played), total: i18n.seconds(total) };
    this.#position.textContent = i18n.t('player.position', slots);
    this.#canvas.setAttribute('aria-label', take ? i18n.t('player.wave', slots) : i18n.t('player.empty'));
    const none = i18n.t('player.none');
    const first = take?.after('heard') ?? null;
    this.#facts.firstSound.textContent = first === null ? none : i18n.t('player.firstSound.value', { ms: first });
    this.#facts.buffer.textContent = take ? i18n.t('player.buffer.value', { seconds: i18n.seconds(take.bufferedMs) }) : none;
    this.#facts.gaps.textContent = take ? i18n.t('player.gaps.value', { n: take.gaps }) : none;
    const empty = total === 0;
    for (const button of [this.#save, this.#again]) button.setAttribute('aria-disabled', String(empty));
    this.toggleAttribute('data-empty', empty);
    this.#drawing.soon();
  }

  #button(name, path) {
    const button = h('button', { type: 'button', class: 'secondary small', id: name, 'aria-disabled': 'true' }, icon(path), this.say(h('span'), `player.${name}`));
    this.scope.on(button, 'click', () => {
      if (button.getAttribute('aria-disabled') === 'false') this.tell(name, { format: this.#formats.value });
    });
    return button;
  }

  #fact(name) {
    this.#facts[name] = h('dd', { 'data-fact': name });
    return h('div', {}, this.say(h('dt'), `player.${name}`), this.#facts[name]);
  }

  #draw(paint, { width, height, ratio }, colours) {
    const heard = colours.getPropertyValue('--wave-heard');
    const waiting = colours.getPropertyValue('--wave-waiting');
    const middle = height / 2;
    const step = 4 * ratio;
    const slots = Math.floor(width / step);
    const bars = this.#take?.bars ?? [];
    const spanMs = Math.max(SHORTEST_MS, bars.length * BAR_MS);
    const playedMs = this.#take?.playedMs ?? 0;
    for (let slot = 0; slot < slots; slot++) {
      const fromMs = (slot * spanMs) / slots;
      const peak = loudest(bars, fromMs / BAR_MS, ((slot + 1) * spanMs) / slots / BAR_MS);
      const half = peak === null ? ratio : Math.max(ratio * 1.5, Math.sqrt(peak) * (middle - ratio));
      paint.fillStyle = peak !== null && fromMs < playedMs ? heard : waiting;
      paint.globalAlpha = peak === null ? 0.5 : 1;
      paint.beginPath();
      paint.roundRect(slot * step + ratio / 2, middle - half, step - 1.5 * ratio, half * 2, step / 2);
      paint.fill();
    }
    if (playedMs > 0 && bars.length > 0) {
      const x = Math.min(width - ratio, (playedMs / spanMs) * width);
      paint.globalAlpha = 1;
      paint.fillStyle = heard;
      paint.fillRect(x, 0, 1.5 * ratio, height);
    }
  }
}

function loudest(bars, from, to) {
  const first = Math.floor(from);
  if (first >= bars.length) return null;
  let peak = 0;
  for (let i = first; i < Math.max(first + 1, Math.min(to, bars.length)); i++) peak = Math.max(peak, bars[i]);
  return peak;
}

customElements.define('vb-player', PlayerView);
