import shell from './i18n/shell.js';

/** A part of the page brings its strings along: see `learn`. */
const LANGUAGES = { en: { ...shell.en }, zh: { ...shell.zh } };
const STORED = 'voicebridge.language';

/** The page's language and its strings. Fires `change`. */
class I18n extends EventTarget {
  #language = 'en';

  constructor() {
    super();
    const wished = [read(), ...(globalThis.navigator?.languages ?? [])];
    this.#language = wished.map((tag) => tag?.split('-')[0]).find((tag) => tag in LANGUAGES) ?? 'en';
  }

  get language() {
    return this.#language;
  }

  set language(language) {
    if (!(language in LANGUAGES) || language === this.#language) return;
    this.#language = language;
    try {
      localStorage.setItem(STORED, language);
    } catch {
      // A browser that keeps nothing forgets the choice; that is all.
    }
    this.dispatchEvent(new Event('change'));
  }

  /**
   * Strings of a part of the page, to be told before it is built. Both languages stand in one file each
   * under `i18n/`, with the same keys.
   *
   * @param {{en: Record<string, string>, zh: Record<string, string>}} strings
   */
  learn({ en, zh }) {
    Object.assign(LANGUAGES.en, en);
    Object.assign(LANGUAGES.zh, zh);
  }

  has(key) {
    return key in LANGUAGES[this.#language];
  }

  /**
   * @param {string} key
   * @param {Record<string, string | number>} [slots] numbers are written as the language writes them
   */
  t(key, slots = {}) {
    const sentence = LANGUAGES[this.#language][key];
    if (sentence === undefined) {
      console.error(`no string ${key}`); // a test fails; for a visitor nothing stops
      return key;
    }
    return sentence.replace(/\{(\w+)\}/g, (_, name) => {
      const value = slots[name];
      return typeof value === 'number' ? this.number(value) : (value ?? '');
    });
  }

  /** What went wrong, in the page's words where it has any, else in the server's. */
  problem({ code, message }) {
    const key = `error.${code}`;
    if (this.has(key)) return this.t(key);
    return message || this.t('state.failed');
  }

  number(value, options) {
    return new Intl.NumberFormat(this.#language, options).format(value);
  }

  /** Seconds with one digit, for people. */
  seconds(ms) {
    return this.number(ms / 1000, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  }

  /** `+3 dB`, `−2.4 dB`. */
  decibels(db) {
    return `${this.number(db, { maximumFractionDigits: 1, signDisplay: 'exceptZero' })} dB`;
  }

  /** The name of a voice's language: dialects are ours, the rest is the browser's knowledge. */
  languageName(tag) {
    const key = `language.${tag.toLowerCase()}`;
    if (this.has(key)) return this.t(key);
    try {
      return new Intl.DisplayNames(this.#language, { type: 'language' }).of(tag) ?? tag;
    } catch {
      return tag;
    }
  }
}

function read() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

export const i18n = new I18n();
