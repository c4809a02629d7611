/**
 * Named ways to speak, one per character: kept in this browser, and in a file where the visitor wants one.
 *
 * @typedef {object} Profile
 * @property {string} id
 * @property {string} name
 * @property {string} model
 * @property {string} voice id; empty where the model is the voice
 * @property {string} language of the texts, as the model names it; empty: recognised
 * @property {number} speed 0.5 to 2
 * @property {number} gain dB, -12 to 12, applied where it is played
 * @property {string} instructions
 */

const STORED = 'voicebridge.profiles';
const KIND = 'voicebridge.profiles/1';
export const MAX_PROFILES = 200;

/** @returns {Profile} with sensible values for whatever is missing or out of range */
export function profile(given = {}) {
  const text = (value, most) => (typeof value === 'string' ? value.slice(0, most) : '');
  const number = (value, least, most, otherwise) => (Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : otherwise);
  return {
    id: text(given.id, 64) || newId(),
    name: text(given.name, 100),
    model: text(given.model, 200),
    voice: text(given.voice, 256),
    language: text(given.language, 40),
    speed: number(given.speed, 0.5, 2, 1),
    gain: number(given.gain, -12, 12, 0),
    instructions: text(given.instructions, 2000),
  };
}

/** Fires `change`. */
export class Profiles extends EventTarget {
  /** @type {Profile[]} */
  #all;
  #storage;

  /** @param {() => Storage} [storage] asked when it is needed; one that throws keeps nothing */
  constructor(storage = () => localStorage) {
    super();
    this.#storage = storage;
    this.#all = this.#read();
  }

  /** @returns {readonly Profile[]} */
  get all() {
    return this.#all;
  }

  get(id) {
    return this.#all.find((one) => one.id === id) ?? null;
  }

  /** Adds it, or puts it in the place of the one with its id. */
  put(given) {
    const made = profile(given);
    const at = this.#all.findIndex((one) => one.id === made.id);
    if (at >= 0) this.#all = this.#all.with(at, made);
    else if (this.#all.length < MAX_PROFILES) this.#all = [...this.#all, made];
    else throw new RangeError(`at most ${MAX_PROFILES}`);
    this.#keep();
    return made;
  }

  /** @returns {() => void} puts it back where it was */
  remove(id) {
    const at = this.#all.findIndex((one) => one.id === id);
    if (at < 0) return () => {};
    const gone = this.#all[at];
    this.#all = this.#all.toSpliced(at, 1);
    this.#keep();
    return () => {
      this.#all = this.#all.toSpliced(Math.min(at, this.#all.length), 0, gone);
      this.#keep();
    };
  }

  /** A file of all of them. */
  toJson() {
    return JSON.stringify({ kind: KIND, profiles: this.#all }, null, 2);
  }

  /**
   * Adds what a file holds; one with the id of a known profile takes its place.
   *
   * @returns {number} how many
   * @throws {SyntaxError} when it is no such file; nothing is changed then
   * @throws {RangeError} when there would be too many; nothing is changed then either
   */
  take(json) {
    const file = JSON.parse(json);
    if (file?.kind !== KIND || !Array.isArray(file.profiles)) throw new SyntaxError('not a file of profiles');
    const given = file.profiles.filter((one) => one && typeof one === 'object').map(profile);
    const all = new Map(this.#all.map((one) => [one.id, one]));
    for (const one of given) all.set(one.id, one);
    if (all.size > MAX_PROFILES) throw new RangeError(`at most ${MAX_PROFILES}`);
    this.#all = [...all.values()];
    this.#keep();
    return given.length;
  }

  #read() {
    try {
      const kept = JSON.parse(this.#storage().getItem(STORED) ?? '[]');
      return Array.isArray(kept) ? kept.slice(0, MAX_PROFILES).map(profile) : [];
    } catch {
      return []; // a private window, or another page's leftovers
    }
  }

  #keep() {
    try {
      this.#storage().setItem(STORED, JSON.stringify(this.#all));
    } catch {
      // It lasts as long as the page then.
    }
    this.dispatchEvent(new Event('change'));
  }
}

/** What a session is told so that it speaks as the profile says. */
export function sessionOf({ voice, language, speed, instructions }, model) {
  const can = (ability) => (model?.abilities ?? []).includes(ability);
  return {
    voice: voice || undefined,
    language_type: language && (model?.languages ?? []).includes(language) ? language : undefined,
    speech_rate: can('speech_rate') && speed !== 1 ? speed : undefined,
    instructions: can('instructions') ? instructions || undefined : undefined,
  };
}

function newId() {
  return `profile-${crypto.getRandomValues(new Uint32Array(2)).join('')}`;
}
