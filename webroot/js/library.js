import { VoicebridgeError } from '../client/voicebridge.js';
import { i18n } from './i18n.js';

/**
 * The voice library of the server, `/v1/voices…`. Everything rejects with a {@link VoicebridgeError} in the
 * page's language; its `cause` is the server's whole error (`evidence`, `report`, `retry` …).
 *
 * Event: `change` when a voice was made, changed or deleted from this page.
 */
export class Library extends EventTarget {
  /** Places taken, as of the last list. @type {{provider: string, used: number, places: number, warning: boolean}[]} */
  quota = [];
  /** Whether the server has told this visitor's voices. */
  listed = false;
  /** How the library's store is, as of the last list: `ok`, `from_memory`, `down`. */
  state = 'ok';
  #door;

  /** @param {import('./door.js').Door} door */
  constructor(door) {
    super();
    this.#door = door;
  }

  /**
   * @param {{query?: string, provider?: string, model?: string, tag?: string, origin?: string, state?:
   *     string, limit?: number, offset?: number}} [wanted]
   * @returns {Promise<{data: object[], total: number, quota: object[], library: object}>}
   */
  async list(wanted = {}) {
    const page = await this.#json('v1/voices', { query: wanted });
    this.listed = true;
    this.quota = page.quota ?? [];
    this.state = page.library?.state ?? 'ok';
    return page;
  }

  /** Every voice there is, page by page. */
  async all() {
    const voices = [];
    for (let total = 1; voices.length < total; ) {
      const page = await this.list({ limit: 1000, offset: voices.length });
      if (page.data.length === 0) break;
      voices.push(...page.data);
      total = page.total;
    }
    return voices;
  }

  /** The models that voices can be made for. */
  async targets() {
    return (await this.#json('v1/voices/targets')).data;
  }

  get(id, { waitSeconds } = {}) {
    return this.#json(`v1/voices/${encodeURIComponent(id)}`, {
      query: { wait_seconds: waitSeconds },
      timeoutMs: 20_000 + (waitSeconds ?? 0) * 1000,
    });
  }

  /** The sample doctor's report. @param {Blob} sample */
  check(sample) {
    return this.#upload('v1/voices/samples/check', 'POST', { file: sample });
  }

  /** The mended sample, a 16-bit WAV, and what was done to it. */
  async mended(sample, provider) {
    const response = await this.#send('v1/voices/samples/check', {
      method: 'POST',
      query: { mended: provider },
      body: form({ file: sample }),
      timeoutMs: 60_000,
    });
    const steps = (response.headers.get('x-voicebridge-mending') ?? '').split(', ').filter(Boolean);
    return { wav: await response.blob(), steps };
  }

  /**
   * @param {object} order fields of `POST /v1/voices` and `file`, a Blob
   * @param {(share: number) => void} [onProgress] 0 to 1, of the upload
   * @param {AbortSignal} [signal] ends the upload; what has arrived whole may be made all the same
   */
  clone(order, onProgress, signal) {
    return this.#changed(this.#upload('v1/voices', 'POST', order, onProgress, signal));
  }

  design(order) {
    return this.#changed(this.#json('v1/voices', { method: 'POST', body: order, timeoutMs: 120_000 }));
  }

  /** What the rules for descriptions have to say: a list of diagnoses. */
  async checkDescription(order) {
    return (await this.#json('v1/voices/descriptions/check', { method: 'POST', body: order })).data;
  }

  /** @param {{name?: string, tags?: string[], keep?: boolean}} edit */
  edit(id, edit) {
    return this.#changed(this.#json(`v1/voices/${encodeURIComponent(id)}`, { method: 'PATCH', body: edit }));
  }

  resample(id, order, onProgress) {
    return this.#changed(this.#upload(`v1/voices/${encodeURIComponent(id)}/sample`, 'PUT', order, onProgress));
  }

  remove(id) {
    return this.#changed(this.#send(`v1/voices/${encodeURIComponent(id)}`, { method: 'DELETE', timeoutMs: 60_000 }));
  }

  evidence(id) {
    return this.#json(`v1/voices/${encodeURIComponent(id)}/evidence`);
  }

  /** @param {'silent' | 'unstable'} why */
  async diagnosis(id, why, model) {
    return (await this.#json(`v1/voices/${encodeURIComponent(id)}/diagnosis`, { query: { why, model } })).data;
  }

  /**
   * Tells how a voice comes to be, until it is there or has failed.
   *
   * @param {(voice: object) => void} tell
   * @param {AbortSignal} [signal]
   * @returns {Promise<object>} the voice at its end
   */
  async follow(id, tell, signal) {
    let voice = await this.get(id);
    tell(voice);
    while (underWay(voice)) {
      signal?.throwIfAborted();
      voice = await this.get(id, { waitSeconds: 10 });
      signal?.throwIfAborted();
      tell(voice);
    }
    this.dispatchEvent(new Event('change'));
    return voice;
  }

  async #changed(promise) {
    const result = await promise;
    this.dispatchEvent(new Event('change'));
    return result;
  }

  async #json(path, { body, ...how } = {}) {
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
    return (await this.#send(path, { ...how, ...sent })).json();
  }

  async #send(path, { method = 'GET', query = {}, headers = {}, body, timeoutMs = 20_000 } = {}) {
    const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined && value !== ''));
    let response;
    try {
      response = await fetch(asked.size > 0 ? `${path}?${asked}` : path, {
        method,
        headers: { ...this.#door.voiceHeaders, ...headers },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw new VoicebridgeError(cause.name === 'TimeoutError' ? 'connect_timeout' : 'connect_failed', '', { cause });
    }
    if (!response.ok) throw this.#refusal(response.status, await response.text());
    return response;
  }

  /** A form, by the one way that tells how far an upload is. */
  #upload(path, method, fields, onProgress = () => {}, signal = undefined) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, path);
      request.timeout = 180_000;
      for (const [name, value] of Object.entries(this.#door.voiceHeaders)) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded, total, lengthComputable }) => lengthComputable && onProgress(loaded / total);
      request.upload.onload = () => onProgress(1);
      request.onerror = () => reject(new VoicebridgeError('connect_failed', ''));
      request.ontimeout = () => reject(new VoicebridgeError('connect_timeout', ''));
      request.onabort = () => reject(new VoicebridgeError('cancelled', ''));
      signal?.addEventListener('abort', () => request.abort());
      request.onload = () => {
        if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText));
        else reject(this.#refusal(request.status, request.responseText));
      };
      request.send(form(fields));
    });
  }

  #refusal(status, text) {
    let error = {};
    try {
      error = JSON.parse(text).error ?? {};
    } catch {
      // A gateway's page: the status must do.
    }
    if (status === 401) this.#door.keyIsNeeded();
    const chinese = i18n.language === 'zh';
    const message = (chinese && error.message_zh) || error.message || `HTTP ${status}`;
    const hint = (chinese && error.hint_zh) || error.hint;
    return new VoicebridgeError(status === 401 ? 'key_needed' : (error.code ?? 'refused'), message, { hint, param: error.param, cause: error });
  }
}

/** Whether the vendor is still at work on it. */
export function underWay(voice) {
  return ['pending', 'deploying'].includes(voice.status);
}

function form(fields) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null || value === '') continue;
    if (value instanceof Blob) data.append(name, value, value.name ?? 'sample.wav');
    else if (Array.isArray(value)) data.append(name, value.join(','));
    else data.append(name, String(value));
  }
  return data;
}
