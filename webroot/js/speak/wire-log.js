/** Nothing of a field with such a name is ever shown or saved. */
const SECRET = /key|ticket|token|authorization|secret|password/i;
const HIDDEN = '•••';
const SHORT_CHARS = 140;
const MOST = 600;
/** What is the same in every response. */
const NOISE = /^(object|conversation_id|item_id|output_index|content_index|modalities|output|item|part|timings)$/;
/** An id is told from others by its beginning. */
const ID = /\b([a-z]+_[0-9a-f]{4})[0-9a-f]{8,}/g;

/**
 * @typedef {object} Entry
 * @property {number} at ms since the log began
 * @property {'in' | 'out'} direction
 * @property {string} type of the event; `audio` for frames that follow each other
 * @property {object} [event] without secrets
 * @property {number} [frames]
 * @property {number} [bytes]
 */

/** What went over the wire, the last few hundred entries; audio frames that follow each other are one. */
export class WireLog extends EventTarget {
  /** @type {Entry[]} */
  entries = [];
  /** While it is, nothing is written down. */
  paused = false;
  #now;
  #began;

  constructor(now = () => performance.now()) {
    super();
    this.#now = now;
    this.#began = now();
  }

  /**
   * @param {'in' | 'out'} direction
   * @param {object} event
   */
  event(direction, event) {
    this.#add({ at: this.#at(), direction, type: event.type ?? '?', event: withoutSecrets(event) });
  }

  /** @param {number} bytes of a binary frame that came */
  frame(bytes) {
    if (this.paused) return;
    const last = this.entries.at(-1);
    if (last?.type !== 'audio') {
      this.#add({ at: this.#at(), direction: 'in', type: 'audio', frames: 1, bytes });
      return;
    }
    last.frames++;
    last.bytes += bytes;
    this.dispatchEvent(new Event('change'));
  }

  clear() {
    this.entries = [];
    this.dispatchEvent(new Event('change'));
  }

  /** @returns {string} JSON for a file */
  toJson() {
    return `${JSON.stringify(this.entries, null, 1)}\n`;
  }

  #at() {
    return Math.round(this.#now() - this.#began);
  }

  #add(entry) {
    if (this.paused) return;
    this.entries.push(entry);
    if (this.entries.length > MOST) this.entries.splice(0, this.entries.length - MOST);
    this.dispatchEvent(new Event('change'));
  }
}

/**
 * @param {Entry} entry
 * @param {'all' | 'in' | 'out' | 'error'} kind
 * @param {string} [words] that must be in it
 */
export function shows(entry, kind, words = '') {
  if (kind === 'error' ? entry.type !== 'error' : kind !== 'all' && entry.direction !== kind) return false;
  return words === '' || `${entry.type} ${JSON.stringify(entry.event ?? '')}`.toLowerCase().includes(words.toLowerCase());
}

/** The body of an event in one line: what tells it from others of its type. */
export function shortly({ event }) {
  const { type: _type, event_id: _id, ...body } = event ?? {};
  const line = leaves(body).join(', ').replace(ID, '$1…');
  return line.length > SHORT_CHARS ? `${line.slice(0, SHORT_CHARS)}…` : line;
}

function leaves(value, name = '') {
  if (NOISE.test(name) || value === null || value === '') return [];
  if (Array.isArray(value)) return [`${name} × ${value.length}`];
  if (typeof value !== 'object') return [`${name} ${value}`];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, key));
}

/** A copy without secrets, at any depth. */
export function withoutSecrets(value) {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, SECRET.test(name) && typeof inner === 'string' ? HIDDEN : withoutSecrets(inner)]),
  );
}
