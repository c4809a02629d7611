import { VbElement } from './element.js';

/** Rows drawn beyond the window, on each side. */
const SPARE = 8;

/**
 * A list of any length that scrolls with the page: only the rows near the window are in the document, all
 * of one height (CSS says which). A row with the focus stays, wherever it is.
 */
class LongList extends VbElement {
  /** @type {() => HTMLElement & {item: object}} makes an empty row; `item` fills it, again and again */
  newRow;
  #items = [];
  /** @type {Map<string, HTMLElement & {item: object}>} by the item's key */
  #rows = new Map();
  #height = 0;
  #pending = 0;

  build() {
    this.setAttribute('role', 'list');
    const soon = () => this.#paintSoon();
    this.scope.on(window, 'scroll', soon, { passive: true });
    const observer = new ResizeObserver(() => {
      this.#height = 0;
      soon();
    });
    observer.observe(this);
    this.scope.defer(() => observer.disconnect());
    this.scope.defer(() => this.#rows.clear());
  }

  /** @param {{key: string}[]} items each key once */
  set items(items) {
    this.#items = items;
    this.#paint();
  }

  #paintSoon() {
    this.#pending ||= requestAnimationFrame(() => {
      this.#pending = 0;
      this.#paint();
    });
  }

  #paint() {
    if (!this.checkVisibility()) return;
    const height = (this.#height ||= parseFloat(getComputedStyle(this).getPropertyValue('--row-height')) * parseFloat(getComputedStyle(document.documentElement).fontSize));
    this.style.setProperty('height', `${this.#items.length * height}px`);
    const top = this.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(-top / height) - SPARE);
    const last = Math.min(this.#items.length, Math.ceil((innerHeight - top) / height) + SPARE);
    const places = new Map();
    for (let i = first; i < last; i++) places.set(this.#items[i].key, i);
    const focused = [...this.#rows].find(([, row]) => row.contains(document.activeElement))?.[0];
    if (focused && !places.has(focused)) {
      const place = this.#items.findIndex((item) => item.key === focused);
      if (place >= 0) places.set(focused, place);
    }
    const spare = [];
    for (const [key, row] of this.#rows) {
      if (places.has(key)) continue;
      this.#rows.delete(key);
      spare.push(row);
    }
    for (const [key, i] of places) {
      let row = this.#rows.get(key);
      if (!row) {
        row = spare.pop() ?? this.#addRow();
        this.#rows.set(key, row);
      }
      if (row.item !== this.#items[i]) row.item = this.#items[i];
      row.style.setProperty('transform', `translateY(${i * height}px)`);
      row.setAttribute('aria-posinset', i + 1);
      row.setAttribute('aria-setsize', this.#items.length);
      row.dataset.place = i;
    }
    for (const row of spare) row.remove();
    this.#sort();
  }

  #addRow() {
    const row = this.newRow();
    row.setAttribute('role', 'listitem');
    this.append(row);
    return row;
  }

  /** The order in the document is the order of the Tab key. */
  #sort() {
    const rows = [...this.#rows.values()].sort((a, b) => a.dataset.place - b.dataset.place);
    let next = null;
    for (const row of rows.reverse()) {
      if (row.nextElementSibling !== next && !row.contains(document.activeElement)) this.insertBefore(row, next);
      next = row;
    }
  }
}

customElements.define('vb-long-list', LongList);
