/**
 * The client of a Voicebridge server: text in, speech out, over one WebSocket. No DOM, no dependency.
 *
 * ```js
 * const bridge = new Voicebridge({ url: 'wss://host/v1/realtime', model: 'qwen3-tts-flash-realtime', session: { voice: 'Cherry' } });
 * const speech = bridge.speak('你好');
 * speech.addEventListener('audio', ({ detail }) => play(detail.pcm, detail.sampleRate));
 * const { status, firstAudioMs } = await speech.done;
 * ```
 *
 * It connects when there is something to say, again after a close that allows it, and never by itself
 * in between. Whatever belongs to a cancelled speech is dropped here, at once.
 */

/** Close codes after which the same request may be tried again; see the server's one table. */
export function mayComeBack(code) {
  return [1000, 1001, 1005, 1006, 1012].includes(code) || (code >= 4000 && code < 4500);
}

/** What went wrong, in the server's words where it had any. */
export class VoicebridgeError extends Error {
  /**
   * @param {string} code the server's, or `connect_failed`, `connect_timeout`, `connection_lost`,
   *     `no_answer`
   */
  constructor(code, message, { hint, param, closeCode, cause } = {}) {
    super(message, { cause });
    this.name = 'VoicebridgeError';
    this.code = code;
    this.hint = hint;
    this.param = param;
    this.closeCode = closeCode;
  }

  static from(error) {
    return new VoicebridgeError(error.code ?? 'error', error.message ?? '', error);
  }
}

/**
 * One text on its way to being heard.
 *
 * Events: `connected`, `queued {place, etaMs}`, `response {id, sampleRate, model, voice}`, `audio {pcm,
 * sampleRate, responseId}`, `lull` (a response of it is over, another may follow), `done {status, …}`.
 */
export class Speech extends EventTarget {
  /** @type {'connecting' | 'waiting' | 'speaking' | 'completed' | 'cancelled' | 'incomplete' | 'failed'} */
  status = 'connecting';
  /** Resolves with the outcome, never rejects: `{status, firstAudioMs, usage, error}`. */
  done;
  audioBytes = 0;
  /** The response that ends it; empty until the server has named it. */
  lastResponseId = '';
  /** Whether the server has acknowledged the commit. */
  committed = false;
  attempts = 0;
  /** @type {VoicebridgeError | null} */
  lastError = null;
  #resolve;
  #timer = 0;

  constructor(text) {
    super();
    this.text = text;
    this.done = new Promise((resolve) => (this.#resolve = resolve));
  }

  get ended() {
    return !['connecting', 'waiting', 'speaking'].includes(this.status);
  }

  /** @internal */
  expect(ms, otherwise) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(otherwise, ms);
  }

  /** @internal */
  tell(type, detail = {}) {
    if (!this.ended) this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** @internal */
  end(status, detail = {}) {
    if (this.ended) return;
    clearTimeout(this.#timer);
    this.status = status;
    const outcome = { status, ...detail };
    this.dispatchEvent(new CustomEvent('done', { detail: outcome }));
    this.#resolve(outcome);
  }
}

/**
 * Events: `state {state}` (`closed`, `connecting`, `open`), `session {session}`, `warning {code, param,
 * message}`, `error {error}` (of nothing that is being spoken), `closed {code, reason, comeBack}`, and
 * `event {event}`: every message of the server as it came.
 */
export class Voicebridge extends EventTarget {
  /** @type {'closed' | 'connecting' | 'open'} */
  state = 'closed';
  /** The session as the server last described it. */
  session = null;
  /** Binary frames that belonged to nothing alive. */
  droppedFrames = 0;

  #options;
  #wanted;
  #told = {};
  #socket = null;
  #opening = null;
  /** Ends the wait for an answer of the socket that is being opened. */
  #giveUp = null;
  #nextEvent = 1;
  /** Speeches whose commit isn't acknowledged yet, oldest first, dead ones included. */
  #uncommitted = [];
  /** Response id → its speech. */
  #speechOf = new Map();
  /** The response between `response.created` and `response.done`. */
  #current = null;
  /** Speeches that have not ended, oldest first. */
  #alive = [];
  /** Event id → the speech that it was sent for. */
  #sentFor = new Map();

  /**
   * @param {object} options
   * @param {string} options.url of the door, without query
   * @param {string} options.model
   * @param {object} [options.session] fields of `session.update`
   * @param {() => Promise<string | null>} [options.ticket] asked before each connection
   * @param {typeof WebSocket} [options.WebSocket]
   * @param {number} [options.connectTimeoutMs]
   * @param {number} [options.quietMs] so long without a word about a speech, and it has failed
   */
  constructor(options) {
    super();
    this.#options = { connectTimeoutMs: 10_000, quietMs: 30_000, WebSocket: globalThis.WebSocket, ...options };
    this.#wanted = { response_format: 'pcm', mode: 'commit', ...options.session };
  }

  get model() {
    return this.#options.model;
  }

  /** Another model speaks from the next connection on; the present one is closed if it differs. */
  set model(model) {
    if (model === this.#options.model) return;
    this.#options.model = model;
    this.close();
  }

  /** Fields of the session for whatever is spoken from now on. `undefined` takes a field back. */
  update(fields) {
    const removes = Object.keys(fields).some((name) => fields[name] === undefined && name in this.#told);
    this.#wanted = { ...this.#wanted, ...fields };
    for (const name of Object.keys(this.#wanted)) {
      if (this.#wanted[name] === undefined) delete this.#wanted[name];
    }
    // The protocol has no word for "forget this field": a fresh session has it.
    if (removes && this.#alive.length === 0) this.close();
    else if (this.state === 'open') this.#sendUpdate();
  }

  /** Connects now, so that the first text finds the way open. */
  connect() {
    if (this.state === 'open') return Promise.resolve(this.session);
    if (!this.#opening) {
      const opening = this.#open().finally(() => {
        if (this.#opening === opening) this.#opening = null;
      });
      this.#opening = opening;
    }
    return this.#opening;
  }

  /**
   * Appends and commits a text.
   *
   * @returns {Speech}
   */
  speak(text) {
    const speech = new Speech(text);
    this.#alive.push(speech);
    this.#start(speech);
    return speech;
  }

  /** For callers that stream text themselves. The session must be open. */
  append(text) {
    return this.#send({ type: 'input_text_buffer.append', text });
  }

  commit() {
    return this.#send({ type: 'input_text_buffer.commit' });
  }

  clear() {
    return this.#send({ type: 'input_text_buffer.clear' });
  }

  finish() {
    return this.#send({ type: 'session.finish' });
  }

  /**
   * Ends what is spoken and all that waits. No `audio` event follows, whatever is still on the wire.
   *
   * @param {{playedMs?: number}} [heard] how much of it was heard
   */
  cancel({ playedMs } = {}) {
    const ended = this.#alive.splice(0);
    const known = ended.some((speech) => speech.status !== 'connecting');
    if (this.#current) this.#current.dead = true;
    for (const speech of ended) speech.end('cancelled');
    if (!known || this.state !== 'open') return;
    const played = playedMs === undefined ? {} : { played_ms: Math.round(playedMs) };
    this.#send({ type: 'response.cancel', ...played });
  }

  close() {
    this.cancel();
    const socket = this.#socket;
    if (!socket) return;
    this.#forget();
    this.#giveUp?.();
    this.#opening = null;
    socket.onmessage = null;
    socket.onclose = null;
    // Closing a socket that isn't open yet would be reported as an error of the page.
    if (socket.readyState === 0) socket.onopen = () => socket.close(1000);
    else socket.close(1000);
    this.#become('closed');
  }

  async #start(speech) {
    try {
      await this.connect();
    } catch (cause) {
      this.#fail(speech, cause);
      return;
    }
    if (speech.ended) return;
    speech.attempts++;
    speech.status = 'waiting';
    speech.tell('connected');
    this.#expectNews(speech);
    this.#uncommitted.push(speech);
    this.#sentFor.set(this.append(speech.text), speech);
    this.#sentFor.set(this.commit(), speech);
  }

  async #open() {
    this.#become('connecting');
    let ticket = null;
    try {
      ticket = (await this.#options.ticket?.()) ?? null;
    } catch (cause) {
      this.#become('closed');
      throw cause;
    }
    const { WebSocket, url, model, connectTimeoutMs } = this.#options;
    const address = `${url}?model=${encodeURIComponent(model)}`;
    const socket = ticket ? new WebSocket(address, ['voicebridge.v1', `ticket.${ticket}`]) : new WebSocket(address);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    let refusal = null;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        fail(new VoicebridgeError('connect_timeout', 'The server did not answer in time.'));
        socket.close();
      }, connectTimeoutMs);
      this.#giveUp = () => fail(new VoicebridgeError('closed', 'The connection was closed.'));
      const fail = (error) => {
        clearTimeout(timer);
        this.#giveUp = null;
        if (this.#socket === socket) {
          this.#forget();
          this.#become('closed');
        }
        reject(error);
      };
      socket.onmessage = ({ data }) => {
        if (this.#socket !== socket) return;
        const event = typeof data === 'string' ? parse(data) : null;
        if (event?.type === 'error') refusal = event.error;
        if (event?.type !== 'session.created') return;
        clearTimeout(timer);
        this.#giveUp = null;
        this.#welcome(socket, event);
        resolve(this.session);
      };
      socket.onclose = ({ code, reason }) => {
        fail(
          refusal
            ? new VoicebridgeError(refusal.code ?? 'refused', refusal.message ?? '', { ...refusal, closeCode: code })
            : new VoicebridgeError('connect_failed', reason || 'No connection to the server.', { closeCode: code }),
        );
      };
    });
  }

  #welcome(socket, event) {
    socket.onmessage = ({ data }) => {
      if (this.#socket !== socket) return;
      if (typeof data === 'string') this.#hear(parse(data));
      else this.#take(data);
    };
    socket.onclose = ({ code, reason }) => {
      if (this.#socket === socket) this.#lose(code, reason);
    };
    this.#told = {};
    this.#become('open');
    this.#describe(event);
    this.#sendUpdate();
  }

  #sendUpdate() {
    const news = Object.entries(this.#wanted).filter(([name, value]) => this.#told[name] !== value);
    if (news.length === 0) return;
    const session = Object.fromEntries(news);
    Object.assign(this.#told, session);
    this.#send({ type: 'session.update', session });
  }

  #send(event) {
    if (this.state !== 'open') throw new VoicebridgeError('not_connected', 'The session is not open.');
    const id = `event_${this.#nextEvent++}`;
    this.#socket.send(JSON.stringify({ event_id: id, ...event }));
    return id;
  }

  #hear(event) {
    if (!event) return;
    this.#tell('event', { event });
    switch (event.type) {
      case 'session.updated':
        this.#describe(event);
        break;
      case 'input_text_buffer.committed':
        this.#committed(event);
        break;
      case 'response.queued': {
        const speech = this.#speechOf.get(event.response_id);
        if (!speech) break;
        this.#expectNews(speech, event.eta_ms ?? 0);
        speech.tell('queued', { place: event.place, etaMs: event.eta_ms });
        break;
      }
      case 'response.created':
        this.#created(event.response);
        break;
      case 'response.done':
        this.#done(event.response);
        break;
      case 'error':
        this.#err(event.error ?? {});
        break;
      default: // what a newer server says is not for this client
    }
  }

  #describe({ session = {} }) {
    this.session = { ...this.session, ...session };
    for (const warning of session.warnings ?? []) this.#tell('warning', warning);
    this.#tell('session', { session: this.session });
  }

  #committed({ response_id: id }) {
    const speech = this.#uncommitted.shift();
    if (!speech) return;
    speech.committed = true;
    if (!id) return;
    speech.lastResponseId = id;
    this.#speechOf.set(id, speech);
  }

  #created(response) {
    const { id } = response;
    // A server that cuts sentences itself starts responses that no commit has named.
    const speech = this.#speechOf.get(id) ?? this.#uncommitted[0] ?? this.#alive.find((s) => !s.lastResponseId);
    if (speech) {
      this.#speechOf.set(id, speech);
      if (speech.committed && !speech.lastResponseId) speech.lastResponseId = id;
    }
    const sampleRate = response.sample_rate ?? this.session?.sample_rate;
    this.#current = { id, speech, sampleRate, dead: !speech || speech.ended };
    if (this.#current.dead) return;
    speech.status = 'speaking';
    this.#expectNews(speech);
    speech.tell('response', { id, sampleRate, model: response.model, voice: response.voice });
  }

  #take(pcm) {
    if (!this.#current || this.#current.dead) {
      this.droppedFrames++;
      return;
    }
    const { id, speech, sampleRate } = this.#current;
    speech.audioBytes += pcm.byteLength;
    this.#expectNews(speech);
    speech.tell('audio', { pcm, sampleRate, responseId: id });
  }

  #done(response) {
    const speech = this.#speechOf.get(response.id);
    this.#speechOf.delete(response.id);
    if (this.#current?.id === response.id) this.#current = null;
    if (!speech || speech.ended) return;
    if (response.status === 'failed') {
      const told = response.error ?? response.status_details?.error;
      const error = told ? VoicebridgeError.from(told) : speech.lastError;
      this.#fail(speech, error ?? new VoicebridgeError('failed', 'The server could not speak this text.'));
      return;
    }
    const last = speech.lastResponseId === response.id;
    if (!last && response.status === 'completed') {
      speech.tell('lull');
      this.#expectNews(speech);
      // Its commit was refused because nothing was left to commit: this was the last response.
      if (speech.lastError && ![...this.#speechOf.values()].includes(speech)) this.#finish(speech, response);
      return;
    }
    this.#finish(speech, response);
  }

  #finish(speech, response) {
    this.#alive = this.#alive.filter((other) => other !== speech);
    this.#retire(speech);
    speech.end(response.status, { firstAudioMs: response.first_audio_ms, usage: response.usage });
  }

  #err(told) {
    const error = VoicebridgeError.from(told);
    const speech = this.#sentFor.get(told.event_id) ?? (told.event_id ? null : this.#alive[0]);
    if (!speech) {
      // Cancelling what has just ended is no news to anyone.
      if (error.code !== 'response_not_active') this.#tell('error', { error });
      return;
    }
    if (speech.ended) {
      this.#uncommitted = this.#uncommitted.filter((other) => other !== speech);
      return;
    }
    speech.lastError = error;
    const speaks = [...this.#speechOf.values()].includes(speech);
    if (told.event_id && !speaks && speech.audioBytes > 0) this.#finish(speech, { status: 'completed' });
    else if (told.event_id && !speaks) this.#fail(speech, error);
    else speech.expect(5_000, () => this.#fail(speech, error)); // its response.done should follow
  }

  #lose(code, reason) {
    const alive = this.#alive.splice(0);
    this.#forget();
    this.#become('closed');
    this.#tell('closed', { code, reason, comeBack: mayComeBack(code) });
    const untouched = alive.every((speech) => speech.audioBytes === 0 && speech.attempts < 2);
    const again = untouched && mayComeBack(code) && code !== 4029;
    for (const speech of alive) {
      if (again) {
        this.#alive.push(speech);
        speech.status = 'connecting';
        speech.committed = false;
        speech.lastResponseId = '';
        this.#start(speech);
      } else {
        const cause = speech.lastError;
        const message = cause?.message || reason || 'The connection was lost.';
        speech.end('failed', {
          error: new VoicebridgeError(cause?.code ?? 'connection_lost', message, { hint: cause?.hint, closeCode: code }),
        });
      }
    }
  }

  #fail(speech, error) {
    this.#alive = this.#alive.filter((other) => other !== speech);
    this.#retire(speech);
    if (this.#current?.speech === speech) this.#current.dead = true;
    speech.end('failed', { error });
  }

  /** No event of the server is about this speech any more. */
  #retire(speech) {
    this.#uncommitted = this.#uncommitted.filter((other) => other !== speech);
    for (const [id, other] of this.#sentFor) if (other === speech || other.ended) this.#sentFor.delete(id);
  }

  #expectNews(speech, moreMs = 0) {
    speech.expect(this.#options.quietMs + moreMs, () => {
      this.#fail(speech, new VoicebridgeError('no_answer', 'The server has not answered for a while.'));
    });
  }

  #forget() {
    this.#socket = null;
    this.#current = null;
    this.#uncommitted = [];
    this.#speechOf.clear();
    this.#sentFor.clear();
  }

  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.#tell('state', { state });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
