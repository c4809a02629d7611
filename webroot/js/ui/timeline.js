import { i18n } from '../i18n.js';
import { VbElement, h, svg } from './element.js';

const STAGES = ['connected', 'firstFrame', 'heard'];

/** From the click to the first sound: a picture, and the same in words. */
class Timeline extends VbElement {
  #track;
  #list;
  #words;
  #take = null;

  build() {
    this.#track = svg('svg', { viewBox: '0 0 1000 12', preserveAspectRatio: 'none', class: 'track', 'aria-hidden': 'true' });
    this.#list = h('ol', { class: 'marks', 'aria-hidden': 'true' });
    this.#words = h('p', { class: 'visually-hidden' });
    this.append(this.#words, this.#track, this.#list);
  }

  translate() {
    super.translate();
    this.show(this.#take);
  }

  /** @param {import('../take.js').Take | null} take */
  show(take) {
    this.#take = take;
    const times = STAGES.map((stage) => take?.after(stage) ?? null);
    const longest = Math.max(1, ...times.map((time) => time ?? 0));
    const segments = [];
    let from = 0;
    STAGES.forEach((stage, i) => {
      const to = times[i];
      if (to === null) return;
      const x = (from / longest) * 1000;
      const width = Math.max(0, ((to - from) / longest) * 1000);
      segments.push(svg('rect', { x, y: 3, width, height: 6, class: `segment-${stage}` }));
      from = Math.max(from, to);
    });
    this.#track.replaceChildren(svg('rect', { x: 0, y: 3, width: 1000, height: 6, class: 'ground' }), ...segments);
    const click = this.#mark('click', take ? 0 : null);
    this.#list.replaceChildren(click, ...STAGES.map((stage, i) => this.#mark(stage, times[i])));
    const [connected, firstFrame, heard] = times;
    this.#words.textContent =
      heard === null ? i18n.t('timeline.empty') : i18n.t('timeline.words', { connected, firstFrame, heard });
  }

  #mark(stage, ms) {
    const time = ms === null ? i18n.t('player.none') : i18n.t('timeline.mark', { ms });
    return h('li', { class: `mark-${stage}` }, h('span', {}, i18n.t(`timeline.${stage}`)), h('span', { class: 'time' }, time));
  }
}

customElements.define('vb-timeline', Timeline);
