import { i18n } from '../i18n.js';
import { saveFile, stamp } from '../save.js';
import { shortly, shows } from '../speak/wire-log.js';
import { VbElement, h } from './element.js';

const SHOWN = 200;
const REFRESH_MS = 150;

/** The events on the wire, readable. */
class Wire extends VbElement {
  /** @type {import('../speak/wire-log.js').WireLog} set before it enters the document */
  log;
  #kind;
  #search;
  #pause;
  #list;
  #rows = new Map();
  #waiting = null;

  build() {
    this.#kind = this.say(h('select', { id: 'wire-kind' }), 'wire.kind', {}, 'aria-label');
    for (const kind of ['all', 'in', 'out', 'error']) this.#kind.append(this.say(h('option', { value: kind }), `wire.kind.${kind}`));
    this.#search = h('input', { id: 'wire-search', type: 'search', autocomplete: 'off', spellcheck: 'false' });
    this.say(this.#search, 'wire.search', {}, 'placeholder');
    this.say(this.#search, 'wire.search', {}, 'aria-label');
    this.#pause = this.say(h('button', { type: 'button', class: 'secondary small', id: 'wire-pause', 'aria-pressed': 'false' }), 'wire.pause');
    const clear = this.say(h('button', { type: 'button', class: 'secondary small' }), 'wire.clear');
    const save = this.say(h('button', { type: 'button', class: 'secondary small', id: 'wire-save' }), 'wire.save');
    this.#list = h('ol', { class: 'wire' });
    this.say(this.#list, 'wire.label', {}, 'aria-label');
    this.append(
      this.say(h('p', { class: 'help' }), 'wire.help'),
      h('div', { class: 'wire-bar' }, this.#kind, this.#search, this.#pause, clear, save),
      this.#list,
    );
    this.scope.on(this.log, 'change', () => this.#soon());
    for (const [control, type] of [[this.#kind, 'change'], [this.#search, 'input']]) this.scope.on(control, type, () => this.#show());
    this.scope.on(this.#pause, 'click', () => {
      this.log.paused = !this.log.paused;
      this.#pause.setAttribute('aria-pressed', String(this.log.paused));
    });
    this.scope.on(clear, 'click', () => this.log.clear());
    this.scope.on(save, 'click', () => saveFile(new Blob([this.log.toJson()], { type: 'application/json' }), `voicebridge-${stamp()}.json`));
  }

  translate() {
    super.translate();
    this.#rows.clear();
    this.#list.replaceChildren();
    this.#show();
  }

  /** Draws what came while nobody looked. */
  refresh() {
    this.#show();
  }

  #soon() {
    if (this.#waiting || !this.checkVisibility()) return;
    this.#waiting = this.scope.after(REFRESH_MS, () => {
      this.#waiting = null;
      this.#show();
    });
  }

  /** Rows that stay are left alone: whoever reads in one keeps place and focus. */
  #show() {
    const wanted = this.log.entries.filter((entry) => shows(entry, this.#kind.value, this.#search.value.trim())).slice(-SHOWN);
    const stay = new Set(wanted);
    for (const [entry, row] of this.#rows) {
      if (stay.has(entry)) continue;
      row.remove();
      this.#rows.delete(entry);
    }
    const atEnd = this.#list.scrollTop + this.#list.clientHeight >= this.#list.scrollHeight - 40;
    wanted.forEach((entry, i) => {
      let row = this.#rows.get(entry);
      if (!row) this.#rows.set(entry, (row = this.#row(entry)));
      if (entry.frames) row.querySelector('.body').textContent = i18n.t('wire.frames', { n: entry.frames, kb: Math.ceil(entry.bytes / 1000) });
      if (this.#list.children[i] !== row) this.#list.insertBefore(row, this.#list.children[i] ?? null);
    });
    if (atEnd) this.#list.scrollTop = this.#list.scrollHeight;
  }

  #row(entry) {
    const arrow = h('span', { class: `arrow ${entry.direction}` }, entry.direction === 'in' ? '←' : '→');
    const head = [
      h('span', { class: 'time' }, i18n.number(entry.at / 1000, { minimumFractionDigits: 3 })),
      arrow,
      h('b', {}, entry.frames ? i18n.t('wire.audio') : entry.type),
      h('span', { class: 'body' }, shortly(entry)),
    ];
    if (!entry.event) return h('li', { class: 'frames' }, h('span', { class: 'line' }, ...head));
    const whole = h('pre', { tabindex: 0 });
    const details = h('details', {}, h('summary', { class: 'line' }, ...head), whole);
    details.addEventListener('toggle', () => (whole.textContent = details.open ? JSON.stringify(entry.event, null, 2) : ''));
    return h('li', { class: entry.type === 'error' ? 'fault' : '' }, details);
  }
}

customElements.define('vb-wire', Wire);
