import { VoicebridgeError } from '../client/voicebridge.js';

/** The HTTP side of the server: tickets and lists. The visitor's key lives here and nowhere else. */
export class Door extends EventTarget {
  #key = '';
  /** The visitor's own key of the vendor; empty: the server's account is used. */
  providerKey = '';

  /** Fires `key`: what was refused may be tried again. */
  set key(key) {
    this.#key = key.trim();
    this.dispatchEvent(new Event('key'));
  }

  /** Where the session door is, for this page's own server. */
  get realtimeUrl() {
    const url = new URL('v1/realtime', document.baseURI);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return url.href;
  }

  /**
   * A ticket for one connection, or null where the server wants none. Fires `keyNeeded` when it wants a
   * key that isn't there or isn't right.
   */
  async ticket() {
    let response;
    try {
      response = await fetch('v1/realtime/tickets', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...this.headers },
        body: '{}',
        signal: AbortSignal.timeout(10_000),
      });
    } catch (cause) {
      throw new VoicebridgeError('connect_failed', '', { cause });
    }
    if (response.status === 401) {
      this.keyIsNeeded();
      const error = await problem(response);
      throw new VoicebridgeError('key_needed', error.message ?? '', { hint: error.hint });
    }
    if (response.status === 429) throw VoicebridgeError.from({ code: 'too_many', ...(await problem(response)) });
    if (!response.ok) return null;
    const { ticket } = await response.json();
    return ticket ?? null;
  }

  models() {
    return this.#list('v1/audio/models', 'models');
  }

  voices() {
    return this.#list('v1/audio/voices', 'voices');
  }

  async #list(path, name) {
    const response = await fetch(path, { headers: this.headers, signal: AbortSignal.timeout(10_000) });
    if (response.status === 401) this.keyIsNeeded();
    if (!response.ok) throw VoicebridgeError.from({ code: 'lists', ...(await problem(response)) });
    const body = await response.json();
    return body[name] ?? body.data ?? [];
  }

  /** What requests about voices carry. */
  get voiceHeaders() {
    return this.providerKey ? { ...this.headers, 'X-Provider-Key': this.providerKey } : this.headers;
  }

  /** What every request carries. */
  get headers() {
    return this.#key ? { Authorization: `Bearer ${this.#key}` } : {};
  }

  /** The server wants a key that isn't there or isn't right. */
  keyIsNeeded() {
    this.dispatchEvent(new Event('keyNeeded'));
  }
}

async function problem(response) {
  try {
    return (await response.json()).error ?? {};
  } catch {
    return {};
  }
}
