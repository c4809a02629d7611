import { fetchTicket } from '../client/voicebridge.js';

const STORED = 'voicebridge.language';
const DOOR = new URL('../v1/realtime', import.meta.url).href.replace(/^http/, 'ws');
const SHARED = {
  en: { key: 'This server wants a key. It is kept for as long as this page is open.', use: 'Use it', other: '中文', language: 'en' },
  zh: { key: '此服务器需要密钥。密钥只在本页打开期间保留。', use: '使用', other: 'English', language: 'zh-CN' },
};

/**
 * The words of a page in two languages: the visitor's, or the one he chose.
 *
 * Elements name theirs in `data-string`, and the label of what has no text in `data-label`; a button with
 * `data-language` changes to the other one. `data-hint` is what stands in an empty field. Fires `change`.
 */
export class Words extends EventTarget {
  #tables;
  #language;

  /** @param {{en: Record<string, string>, zh: Record<string, string>}} tables */
  constructor(tables) {
    super();
    this.#tables = { en: { ...SHARED.en, ...tables.en }, zh: { ...SHARED.zh, ...tables.zh } };
    this.#language = (stored() ?? navigator.language).startsWith('zh') ? 'zh' : 'en';
    document.querySelector('[data-language]').addEventListener('click', () => this.#change());
    this.refresh();
  }

  /** @type {'en' | 'zh'} */
  get language() {
    return this.#language;
  }

  /** A sentence, its slots filled. */
  t(name, slots = {}) {
    return this.#tables[this.#language][name].replace(/\{(\w+)\}/g, (_, slot) => slots[slot] ?? '');
  }

  #change() {
    this.#language = this.#language === 'zh' ? 'en' : 'zh';
    try {
      localStorage.setItem(STORED, this.#language);
    } catch {
      // A browser that keeps nothing forgets the choice; that is all.
    }
    this.refresh();
    this.dispatchEvent(new Event('change'));
  }

  /** Writes the words into the page; again when it has grown. */
  refresh() {
    document.documentElement.lang = this.t('language');
    document.title = this.t('title');
    for (const node of document.querySelectorAll('[data-string]')) node.textContent = this.t(node.dataset.string);
    for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', this.t(node.dataset.label));
    for (const node of document.querySelectorAll('[data-hint]')) node.placeholder = this.t(node.dataset.hint);
    const button = document.querySelector('[data-language]');
    button.textContent = this.t('other');
    button.lang = this.#language === 'zh' ? 'en' : 'zh-CN';
  }
}

function stored() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

let key = '';
let asking = null;

/**
 * A ticket of this page's own server; where it wants a key the visitor is asked, once for all who ask. On a
 * page of your own, fetch the ticket from your backend instead, which holds the key.
 *
 * @param {Words} words
 */
export async function ticket(words) {
  for (;;) {
    try {
      return await fetchTicket({ url: DOOR, key });
    } catch (cause) {
      if (cause.code !== 'key_needed') throw cause;
    }
    asking ??= askForKey(words).finally(() => (asking = null));
    key = await asking;
  }
}

function askForKey(words) {
  const form = document.createElement('form');
  const label = document.createElement('label');
  const input = document.createElement('input');
  const button = document.createElement('button');
  form.className = 'key';
  label.textContent = words.t('key');
  input.type = 'password';
  input.required = true;
  input.autocomplete = 'off';
  button.textContent = words.t('use');
  label.append(input);
  form.append(label, button);
  document.body.append(form);
  input.focus();
  return new Promise((resolve) => {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      form.remove();
      resolve(input.value.trim());
    });
  });
}
