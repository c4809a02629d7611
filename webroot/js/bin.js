import { toast } from './ui/toast.js';

const STAYS_MS = 8_000;

/**
 * Voices that are about to be deleted. Nothing brings one back from the vendor, so it is asked only when
 * nobody has changed their mind for a while, or when the page is left.
 *
 * Events: `change` when a voice went in or came back, `failed {ids, cause}` when some could not be deleted (they
 * are back then).
 */
export class Bin extends EventTarget {
  #studio;
  /** @type {Map<string, string>} id → name */
  #held = new Map();
  #timer = 0;

  /** @param {import('./studio.js').Studio} studio */
  constructor(studio) {
    super();
    this.#studio = studio;
    addEventListener('pagehide', () => this.#leave());
  }

  has(id) {
    return this.#held.has(id);
  }

  /** @param {{id: string, name: string}[]} voices */
  put(voices) {
    for (const { id, name } of voices) this.#held.set(id, name);
    this.#tell();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#empty(), STAYS_MS);
    const names = [...this.#held.values()];
    const way = { label: 'bin.undo', act: () => this.#restore(), ms: STAYS_MS, kind: 'bin' };
    if (names.length === 1) toast('bin.one', { name: names[0] }, way);
    else toast('bin.more', { n: names.length }, way);
  }

  #restore() {
    clearTimeout(this.#timer);
    this.#held.clear();
    this.#tell();
  }

  async #empty() {
    const going = [...this.#held];
    const failed = [];
    let cause = null;
    for (const [id] of going) {
      try {
        await this.#studio.library.remove(id);
      } catch (refusal) {
        if (refusal.code === 'voice_not_found') continue;
        failed.push(id);
        cause = refusal;
      }
    }
    await this.#studio.refresh();
    for (const [id] of going) this.#held.delete(id);
    this.#tell();
    if (cause) this.dispatchEvent(new CustomEvent('failed', { detail: { ids: failed, cause } }));
  }

  /** Nobody may change their mind any more: whatever waits is deleted now. */
  async settle() {
    if (this.#held.size === 0) return;
    clearTimeout(this.#timer);
    await this.#empty();
  }

  /** Requests that outlive the page. */
  #leave() {
    clearTimeout(this.#timer);
    for (const id of this.#held.keys()) {
      const going = fetch(`v1/voices/${encodeURIComponent(id)}`, { method: 'DELETE', headers: this.#studio.door.voiceHeaders, keepalive: true });
      going.catch(() => {}); // nobody is left to be told
    }
    this.#held.clear();
  }

  #tell() {
    this.dispatchEvent(new Event('change'));
  }
}
