import { i18n } from '../i18n.js';
import { Scope } from '../scope.js';

/**
 * A custom element that builds itself when it enters the page, keeps its strings in the page's language
 * and undoes everything when it leaves.
 */
export class VbElement extends HTMLElement {
  /** @type {Scope} */
  scope;
  #strings = [];

  connectedCallback() {
    this.scope = new Scope();
    this.build();
    this.scope.on(i18n, 'change', () => this.translate());
    this.translate();
  }

  disconnectedCallback() {
    this.scope.dispose();
    this.#strings = [];
    this.replaceChildren();
  }

  /** Called once per stay in the page. */
  build() {}

  /** Called when the language changes, and once after `build`. */
  translate() {
    this.#strings = this.#strings.filter(([node]) => node.isConnected || this.contains(node));
    for (const string of this.#strings) write(string);
  }

  /**
   * Gives a node a string that follows the language.
   *
   * @param {Element} node
   * @param {string} key
   * @param {string} [attribute] instead of the text
   */
  say(node, key, slots = {}, attribute = '') {
    this.#strings = this.#strings.filter(([n, , , a]) => n !== node || a !== attribute);
    const string = [node, key, slots, attribute];
    this.#strings.push(string);
    write(string);
    return node;
  }

  tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }
}

function write([node, key, slots, attribute]) {
  const words = i18n.t(key, slots);
  if (attribute) node.setAttribute(attribute, words);
  else if (node.textContent !== words) node.textContent = words;
}

/** Builds an element: attributes, then children. `false` and `null` attributes are left out. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children);
  return node;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A small picture that says nothing by itself. */
export function icon(path) {
  return svg('svg', { viewBox: '0 0 16 16', class: 'icon', 'aria-hidden': 'true' }, svg('path', { d: path }));
}
