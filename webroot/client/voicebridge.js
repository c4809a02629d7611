/**
 * The client of a Voicebridge server: text in, speech out, over one WebSocket. No DOM, no dependency.
 * With the player beside it, a button that speaks:
 *
 * ```js
 * import { Voicebridge } from 'https://voice.example/client/voicebridge.js';
 * import { Player } from 'https://voice.example/client/player.js';
 *
 * const bridge = new Voicebridge({ model: 'qwen3-tts-flash-realtime', session: { voice: 'Cherry' }, reconnect: true });
 * const player = new Player();
 * document.querySelector('button').onclick = async () => {
 *   player.unlock();
 *   bridge.cancel(player.stop());
 *   const { status } = await player.play(bridge.speak('你好，世界！'));
 *   console.log(status); // 'completed' when the last sample has been heard
 * };
 * ```
 *
 * It connects when there is something to say, to the server that it was loaded from. Where that server
 * wants a key, a page shows a ticket instead, which its own backend has asked for: see `ticket`.
 * Whatever belongs to a cancelled speech is dropped here, at once.
 *
 * Where a language model stands behind the server, the text need not be there yet: it is spoken while it
 * is written. To talk over an answer, cancel it and ask again; the server keeps no conversation, so
 * `messages` are told anew each time, and of an answer that was cut off only what was heard:
 *
 * ```js
 * const messages = [];
 * async function ask(prompt) {
 *   player.unlock();
 *   bridge.cancel(player.stop());
 *   messages.push({ role: 'user', content: prompt });
 *   const answer = bridge.ask({ messages, instructions: 'You are a kind storyteller.' });
 *   answer.addEventListener('text', () => (caption.textContent = answer.text));
 *   const { playedMs, status } = await player.play(answer);
 *   const heard = status === 'completed' ? answer.text : answer.text.slice(0, answer.heardTo(playedMs));
 *   if (heard) messages.push({ role: 'assistant', content: heard });
 * }
 * ```
 *
 * @module
 */

/**
 * @typedef {'connecting' | 'waiting' | 'speaking' | 'completed' | 'cancelled' | 'incomplete' | 'failed'} SpeechStatus
 *
 * @typedef {object} Outcome
 * @property {SpeechStatus} status
 * @property {number} [firstAudioMs] from commit to the first byte, as the server measured it
 * @property {{characters?: number, audio_ms?: number, input_tokens?: number, output_tokens?: number}} [usage]
 * @property {Record<string, number>} [timings] of the first response, as the server measured them, ms
 * @property {string} [reason] why it is `incomplete`
 * @property {VoicebridgeError} [error] why it failed
 *
 * @typedef {object} Word
 * @property {string} text
 * @property {number} beginIndex in the text of the speech
 * @property {number} endIndex
 * @property {number} beginMs in the sound of the speech
 * @property {number} endMs
 *
 * @typedef {object} Message
 * @property {'system' | 'user' | 'assistant'} role
 * @property {string | {type: 'text', text: string}[]} content
 *
 * @typedef {object} Prompt
 * @property {Message[]} [messages] the conversation so far; the server keeps none
 * @property {string | Message[]} [input] in place of `messages`
 * @property {string} [instructions] what the language model is told before all others
 * @property {string} [model] the language model; else the server's own
 * @property {number} [temperature]
 * @property {number} [max_output_tokens]
 *
 * @typedef {object} Options
 * @property {string} [url] of the door, without query; else that of the server this module came from
 * @property {string} model
 * @property {Record<string, unknown>} [session] fields of `session.update`
 * @property {() => Promise<string | null>} [ticket] asked before each connection; a ticket is good once
 * @property {string} [key] of the server, to fetch tickets with. For programs only: a page shows it to everyone
 * @property {string | (() => string)} [providerKey] the visitor's own key of the vendor, for this session only; a
 *     function is asked before each connection
 * @property {boolean} [reconnect] come back after a loss, again and again, and keep what waits to be said
 * @property {number} [heartbeatMs] ask so often for a sign of life; a network that died in silence is noticed
 *     then. 0: never
 * @property {number} [connectTimeoutMs]
 * @property {number} [quietMs] so long without a word about a speech, and it has failed
 * @property {typeof WebSocket} [WebSocket]
 */

/** The first wait before coming back is at most this long, each further one up to twice the last. */
const BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** What "later" means where the server didn't say. */
const LATER_MS = 5_000;
/** A session that lived so long was no failure. */
const SETTLED_MS = 10_000;
/** A text that was lost so often on the way isn't sent again. */
const MAX_ATTEMPTS = 5;
/** Of ordinary speech, where nothing better is known. */
const MS_PER_LETTER = 62;
const MS_PER_IDEOGRAPH = 240;

/** Close codes after which the same request may be tried again; see the server's one table. */
export function mayComeBack(code) {
  return [1000, 1001, 1005, 1006, 1011, 1012].includes(code) || (code >= 4000 && code < 4500);
}

/**
 * How long to wait before coming back, ms. Many clients lose one server at the same moment: all but the
 * first try after a restart are spread over the whole time ("full jitter").
 *
 * @param {{code?: number, failures?: number, retryAfterMs?: number, random?: () => number}} loss the close
 *     code, how many tries in a row came to nothing before, what the server asked for
 */
export function comeBackAfterMs({ code, failures = 0, retryAfterMs, random = Math.random }) {
  if (code === 4029 || retryAfterMs !== undefined) return (retryAfterMs ?? LATER_MS) * (1 + random());
  if (code === 1012 && failures === 0) return 0; // another instance is there
  return random() * Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** failures);
}

/** What went wrong, in the server's words where it had any. */
export class VoicebridgeError extends Error {
  /**
   * @param {string} code the server's, or `connect_failed`, `connect_timeout`, `connection_lost`,
   *     `key_needed`, `no_answer`, `closed`
   * @param {string} message
   * @param {{hint?: string, param?: string, closeCode?: number, retry_after?: number, cause?: unknown}} [more]
   */
  constructor(code, message, { hint, param, closeCode, retry_after: retryAfter, cause } = {}) {
    super(message, { cause });
    this.name = 'VoicebridgeError';
    this.code = code;
    this.hint = hint;
    this.param = param;
    this.closeCode = closeCode;
    /** @type {number | undefined} what the server asked for */
    this.retryAfterMs = retryAfter === undefined ? undefined : retryAfter * 1000;
  }

  /** Whether the same may work later. */
  get comeBack() {
    return this.closeCode === undefined ? !['key_needed', 'closed'].includes(this.code) : mayComeBack(this.closeCode);
  }

  static from(error) {
    return new VoicebridgeError(error.code ?? 'error', error.message ?? '', error);
  }
}

/**
 * One text on its way to being heard.
 *
 * Events: `connected`, `queued {place, etaMs}`, `response {id, sampleRate, model, voice}`, `audio {pcm,
 * sampleRate, responseId}`, `timestamps {words, responseId}`, `lull` (a response of it is over, another may
 * follow), `done {status, …}`.
 */
export class Speech extends EventTarget {
  /** @type {SpeechStatus} */
  status = 'connecting';
  /** Resolves with the outcome, never rejects. @type {Promise<Outcome>} */
  done;
  audioBytes = 0;
  /** Length of the sound so far, ms; right for PCM. */
  audioMs = 0;
  /** Where the model tells them: the words whose times are known so far. @type {Word[]} */
  words = [];
  /** No more text follows. */
  complete = false;
  /** The response that ends it; empty until the server has named it. */
  lastResponseId = '';
  /** Whether the server has acknowledged the commit. */
  committed = false;
  attempts = 0;
  /** From commit to the first byte, as the server measured it. @type {number | undefined} */
  firstAudioMs;
  /** What it cost so far. @type {Outcome['usage']} */
  usage;
  /** What took how long, as the server measured it. @type {Outcome['timings']} */
  timings;
  /** @type {VoicebridgeError | null} */
  lastError = null;
  #bridge;
  #text = '';
  #resolve;
  #timer = 0;

  /** @internal use {@link Voicebridge#speak} or {@link Voicebridge#stream} */
  constructor(bridge) {
    super();
    this.#bridge = bridge;
    this.done = new Promise((resolve) => (this.#resolve = resolve));
  }

  get text() {
    return this.#text;
  }

  /** Whether it is over: nothing more of it comes. */
  get ended() {
    return !['connecting', 'waiting', 'speaking'].includes(this.status);
  }

  /** More text, for instance as a language model writes it. */
  append(text) {
    if (this.complete) throw new VoicebridgeError('session_finished', 'This speech has been committed.');
    this.grow(text);
    if (text !== '') this.#bridge.appended(this, text);
    return this;
  }

  /** No more text follows. */
  commit() {
    if (this.complete) return this;
    this.complete = true;
    this.#bridge.completed(this);
    return this;
  }

  /**
   * Ends this speech alone; what waits behind it is spoken next. No `audio` event follows.
   *
   * @param {{playedMs?: number}} [heard] how much of it was heard
   */
  cancel({ playedMs } = {}) {
    this.#bridge.cancelled(this, playedMs);
  }

  /**
   * The word that is heard at a position of the speech, or the last one before a pause; null where the
   * model tells no times, or before the first.
   *
   * @param {number} playedMs
   * @returns {Word | null}
   */
  wordAt(playedMs) {
    return this.words.findLast((word) => word.beginMs <= playedMs) ?? null;
  }

  /**
   * How far into the text a position of the speech is: to the end of the word being heard, or, where no
   * times are known, estimated.
   *
   * @param {number} playedMs
   * @returns {number} an index of `text`
   */
  heardTo(playedMs) {
    if (this.words.length > 0) return this.wordAt(playedMs)?.endIndex ?? 0;
    let guessedMs = 0;
    for (const letter of this.#text) guessedMs += usualMs(letter);
    // Once all the sound is here its length is known; until then it is spoken as fast as usual.
    const scale = this.status === 'completed' && this.audioMs > 0 ? this.audioMs / guessedMs : 1;
    let index = 0;
    let ms = 0;
    for (const letter of this.#text) {
      if (ms >= playedMs) break;
      ms += usualMs(letter) * scale;
      index += letter.length;
    }
    return index;
  }

  /** @internal */
  grow(text) {
    this.#text += text;
  }

  /** @internal adds what a response of it told at its end */
  sum({ first_audio_ms: firstAudioMs, usage, timings }) {
    this.firstAudioMs ??= firstAudioMs;
    this.timings ??= timings;
    if (!usage) return;
    this.usage ??= {};
    for (const [name, count] of Object.entries(usage)) this.usage[name] = (this.usage[name] ?? 0) + count;
  }

  /** @internal the text's place where words of one response are counted from */
  placeOf(word, from) {
    const found = this.#text.indexOf(word.text, from);
    return found < 0 ? from : found - word.begin_index;
  }

  /** @internal */
  expect(ms, otherwise) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(otherwise, ms);
  }

  /** @internal */
  expectNothing() {
    clearTimeout(this.#timer);
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
    this.complete = true;
    const outcome = { status, ...detail };
    this.dispatchEvent(new CustomEvent('done', { detail: outcome }));
    this.#resolve(outcome);
  }
}

/**
 * What a language model answers, spoken as it is written: a speech that nobody appends to.
 *
 * Events besides those of a speech: `text {delta}`, a further piece of `text`, which may run far ahead of the
 * voice; `written`, no further piece follows.
 */
export class Answer extends Speech {
  complete = true;
  /** What was asked, as it is sent. @type {Prompt} */
  prompt;
  /** Whether the model has written all. */
  written = false;

  /** @internal use {@link Voicebridge#ask} */
  constructor(bridge, prompt) {
    super(bridge);
    this.prompt = prompt;
  }

  /** @internal */
  wrote(delta) {
    this.grow(delta);
    this.tell('text', { delta });
  }

  /** @internal */
  wroteAll() {
    this.written = true;
    this.tell('written');
  }

  /** @internal one response speaks all of it, and the server counts in what it wrote */
  placeOf() {
    return 0;
  }
}

/**
 * Events: `state {state}` (`closed`, `connecting`, `open`, and with `reconnect` also `waiting`),
 * `reconnecting {attempt, inMs, error}`, `session {session}`, `warning {code, param, message}`, `error
 * {error}` (of nothing that is being spoken), `closed {code, reason, comeBack}`, and what is on the wire, for
 * whoever wants to see it: `event {event}`, every message of the server as it came, `frame {bytes}`, audio
 * likewise, and `sent {event}`, every message to it but the first, which may hold a key.
 */
export class Voicebridge extends EventTarget {
  /** @type {'closed' | 'connecting' | 'open' | 'waiting'} */
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
  /** Ends the wait for an answer of the socket that is being opened, or for the next try. */
  #giveUp = null;
  /** Ends the wait for the next try, with a try. */
  #hurry = null;
  /** Tries in a row that came to nothing. */
  #failures = 0;
  #openedAt = 0;
  #pulse = 0;
  /** The server's last error about nothing in particular: why it is about to close. @type {VoicebridgeError | null} */
  #farewell = null;
  /** Whether anything came since the last beat. */
  #heard = true;
  #nextEvent = 1;
  /** The speech that text is still appended to; null: none is open. @type {Speech | null} */
  #stream = null;
  /**
   * Commits that aren't acknowledged yet, oldest first, those of dead speeches included; `blank`: see #commit.
   *
   * @type {{speech: Speech, eventId: string, blank: boolean, last: boolean}[]}
   */
  #uncommitted = [];
  /** Prompts that the server hasn't named yet, oldest first, dead ones included. @type {{answer: Answer, eventId: string}[]} */
  #unnamed = [];
  /** Ids of responses without a sound. @type {Set<string>} */
  #blanks = new Set();
  /** Response id → its speech. @type {Map<string, Speech>} */
  #speechOf = new Map();
  /** The response between `response.created` and `response.done`. */
  #current = null;
  /** Speeches that have not ended, oldest first. @type {Speech[]} */
  #alive = [];
  /** Event id → the speech that it was sent for. @type {Map<string, Speech>} */
  #sentFor = new Map();
  /** The cancel that the server hasn't answered: until then its responses are those before it. */
  #cancelling = '';
  /** What a speech tells us of itself. */
  #ears = {
    appended: (speech, text) => {
      if (speech.attempts > 0 && speech.status !== 'connecting') this.#sentFor.set(this.#append(text), speech);
    },
    completed: (speech) => {
      if (this.#stream === speech) this.#stream = null;
      if (speech.attempts > 0 && speech.status !== 'connecting') this.#commit(speech);
    },
    cancelled: (speech, playedMs) => this.#cancelOne(speech, playedMs),
  };

  /** @param {Options} options */
  constructor(options) {
    super();
    this.#options = {
      url: new URL('../v1/realtime', import.meta.url).href.replace(/^http/, 'ws'),
      reconnect: false,
      heartbeatMs: 0,
      connectTimeoutMs: 10_000,
      quietMs: 30_000,
      WebSocket: globalThis.WebSocket,
      random: Math.random,
      ...options,
    };
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
      const opening = this.#openAgainAndAgain(null).finally(() => {
        if (this.#opening === opening) this.#opening = null;
      });
      this.#opening = opening;
    }
    return this.#opening;
  }

  /** Tries at once where it waits for the next try: the network is back, say. */
  retryNow() {
    this.#hurry?.();
  }

  /**
   * Appends and commits a text. It is spoken after those before it.
   *
   * @param {string} text
   * @returns {Speech}
   */
  speak(text) {
    return this.stream().append(text).commit();
  }

  /**
   * A speech whose text is still to come, in pieces: `append` them, then `commit`. The session has one mouth
   * and one buffer, so a further speech commits the one that is open.
   *
   * @returns {Speech}
   */
  stream() {
    this.#stream?.commit();
    const speech = new Speech(this.#ears);
    this.#stream = speech;
    this.#alive.push(speech);
    this.#start(speech);
    return speech;
  }

  /**
   * Asks the language model behind the server, and speaks what it writes as it writes it, after what is
   * spoken already. A server without one fails it with `llm_not_configured`.
   *
   * @param {string | Prompt} prompt what to answer, or the whole conversation
   * @returns {Answer}
   */
  ask(prompt) {
    this.#stream?.commit();
    const answer = new Answer(this.#ears, typeof prompt === 'string' ? { input: prompt } : { ...prompt });
    this.#alive.push(answer);
    this.#start(answer);
    return answer;
  }

  /**
   * More text for the open speech; opens one where none is.
   *
   * @returns {Speech}
   */
  append(text) {
    return (this.#stream ?? this.stream()).append(text);
  }

  /** Nothing follows in the open speech. */
  commit() {
    this.#stream?.commit();
  }

  finish() {
    return this.#send({ type: 'session.finish' });
  }

  /**
   * Ends what is spoken and all that waits. No `audio` event follows, whatever is still on the wire.
   *
   * @param {{playedMs?: number, speech?: Speech}} [heard] how much was heard, and of which speech: the one
   *     being spoken, if not said
   */
  cancel({ playedMs, speech = this.#current?.speech } = {}) {
    const open = this.#stream;
    this.#stream = null;
    const ended = this.#alive.splice(0);
    const known = ended.some((each) => each.status !== 'connecting');
    const played = this.#playedOfCurrent(speech, playedMs);
    if (this.#current) this.#current.dead = true;
    for (const each of ended) each.end('cancelled');
    if (!known || this.state !== 'open') return;
    // What was appended without a commit waits in the buffer, which has a word of its own.
    if (open?.text && this.#wanted.mode === 'commit') this.#send({ type: 'input_text_buffer.clear' });
    if (ended.length === 1 && ended[0] === open && this.#wanted.mode === 'commit') return;
    this.#cancelling = this.#send({ type: 'response.cancel', ...played });
  }

  close() {
    this.cancel();
    const socket = this.#socket;
    this.#giveUp?.();
    this.#opening = null;
    this.#failures = 0;
    if (!socket) {
      this.#become('closed');
      return;
    }
    this.#forget();
    socket.onmessage = null;
    socket.onclose = null;
    // Closing a socket that isn't open yet would be reported as an error of the page.
    if (socket.readyState === 0) socket.onopen = () => socket.close(1000);
    else socket.close(1000);
    this.#become('closed');
  }

  /** Position in the speech → position in the response that the server speaks of it. */
  #playedOfCurrent(speech, playedMs) {
    if (playedMs === undefined) return {};
    const heard = this.#current && this.#current.speech === speech ? playedMs - this.#current.fromMs : 0;
    return { played_ms: Math.max(0, Math.round(this.#current ? heard : playedMs)) };
  }

  #cancelOne(speech, playedMs) {
    if (speech.ended) return;
    const sent = speech.attempts > 0 && speech.status !== 'connecting' && this.state === 'open';
    // Only what is committed has a name, and only what has a name can be cancelled alone.
    if (sent && !speech.complete) speech.commit();
    if (this.#stream === speech) this.#stream = null;
    this.#alive = this.#alive.filter((other) => other !== speech);
    const played = this.#playedOfCurrent(speech, playedMs);
    if (this.#current?.speech === speech) this.#current.dead = true;
    speech.end('cancelled');
    if (!sent) return;
    const id = this.#current?.speech === speech ? this.#current.id : this.#named(speech);
    if (id) this.#send({ type: 'response.cancel', response_id: id, ...played });
    // Otherwise its name is on its way; see #committed and #created.
  }

  #named(speech) {
    for (const [id, other] of this.#speechOf) if (other === speech) return id;
    return '';
  }

  async #start(speech) {
    try {
      await this.connect();
    } catch (cause) {
      this.#fail(speech, cause);
      return;
    }
    if (speech.ended || speech.status !== 'connecting') return;
    speech.attempts++;
    speech.status = 'waiting';
    speech.tell('connected');
    if (speech instanceof Answer) {
      const eventId = this.#send({ type: 'response.create', response: speech.prompt });
      this.#sentFor.set(eventId, speech);
      this.#unnamed.push({ answer: speech, eventId });
      this.#expectNews(speech);
      return;
    }
    if (speech.text) this.#sentFor.set(this.#append(speech.text), speech);
    if (speech.complete) this.#commit(speech);
  }

  #append(text) {
    return this.#send({ type: 'input_text_buffer.append', text });
  }

  #commit(speech) {
    const several = this.#wanted.mode === 'server_commit';
    this.#sendCommit(speech, { blank: false, last: !several });
    if (several) {
      // A server that cuts sentences itself makes several responses, and says of none that it is the last.
      // A blank, which no service is asked to speak, is a response of its own: the one after them.
      this.#append(' ');
      this.#sendCommit(speech, { blank: true, last: true });
    }
    this.#expectNews(speech);
  }

  #sendCommit(speech, which) {
    const eventId = this.#send({ type: 'input_text_buffer.commit' });
    this.#sentFor.set(eventId, speech);
    this.#uncommitted.push({ speech, eventId, ...which });
  }

  /** @param {VoicebridgeError | null} lost why the last session ended, where this is about coming back */
  async #openAgainAndAgain(lost) {
    for (let error = lost; ; ) {
      if (error) await this.#pauseAfter(error);
      try {
        return await this.#open();
      } catch (cause) {
        error = cause instanceof VoicebridgeError ? cause : new VoicebridgeError('connect_failed', '', { cause });
        if (!this.#options.reconnect || !error.comeBack) throw error;
      }
    }
  }

  #pauseAfter(error) {
    const { closeCode: code, retryAfterMs } = error;
    const inMs = comeBackAfterMs({ code, retryAfterMs, failures: this.#failures, random: this.#options.random });
    this.#failures++;
    return new Promise((resolve, reject) => {
      const end = (how, value) => {
        clearTimeout(timer);
        this.#giveUp = null;
        this.#hurry = null;
        how(value);
      };
      const timer = setTimeout(() => end(resolve), inMs);
      this.#hurry = () => end(resolve);
      this.#giveUp = () => end(reject, new VoicebridgeError('closed', 'The connection was closed.'));
      this.#become('waiting');
      this.#tell('reconnecting', { attempt: this.#failures, inMs, error });
    });
  }

  async #open() {
    this.#become('connecting');
    const { WebSocket, url, model, providerKey, connectTimeoutMs } = this.#options;
    let closed = false;
    this.#giveUp = () => (closed = true);
    let ticket = null;
    try {
      ticket = await this.#ticket();
      if (closed) throw new VoicebridgeError('closed', 'The connection was closed.');
    } catch (cause) {
      if (!closed) {
        this.#giveUp = null;
        this.#become('closed');
      }
      throw cause;
    }
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
        if (this.#socket === socket) {
          this.#giveUp = null;
          this.#forget();
          this.#become('closed');
        }
        reject(error);
      };
      socket.onopen = () => {
        // The visitor's key goes first and in a message: no address and no log of a proxy ever has it.
        const own = typeof providerKey === 'function' ? providerKey() : providerKey;
        if (own) socket.send(JSON.stringify({ type: 'session.authenticate', provider_key: own }));
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

  async #ticket() {
    const { ticket, key, url, connectTimeoutMs } = this.#options;
    if (ticket) return (await ticket()) ?? null;
    return key ? fetchTicket({ url, key, timeoutMs: connectTimeoutMs }) : null;
  }

  #welcome(socket, event) {
    socket.onmessage = ({ data }) => {
      if (this.#socket !== socket) return;
      this.#heard = true;
      if (typeof data === 'string') this.#hear(parse(data));
      else this.#take(data);
    };
    socket.onclose = ({ code, reason }) => {
      if (this.#socket === socket) this.#lose(code, reason);
    };
    this.#told = {};
    this.#openedAt = Date.now();
    this.#become('open');
    this.#describe(event);
    this.#sendUpdate();
    this.#beat(socket);
  }

  /** Pages aren't told of pings: an update that changes nothing is answered, too. */
  #beat(socket) {
    const every = this.#options.heartbeatMs;
    if (every === 0) return;
    let asked = false;
    this.#heard = true;
    this.#pulse = setInterval(() => {
      if (asked && !this.#heard) {
        socket.onclose = null;
        socket.close();
        this.#lose(1006, 'No sign of life from the server.');
        return;
      }
      asked = !this.#heard;
      this.#heard = false;
      if (asked) this.#send({ type: 'session.update', session: {} });
    }, every);
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
    this.#tell('sent', { event: { event_id: id, ...event } });
    return id;
  }

  #hear(event) {
    if (!event) return;
    this.#tell('event', { event });
    if (event.type !== 'error') this.#farewell = null;
    switch (event.type) {
      case 'session.updated':
        this.#describe(event);
        break;
      case 'input_text_buffer.committed':
        this.#committed(event);
        break;
      case 'response.queued': {
        const speech = this.#speechOf.get(event.response_id) ?? this.#name(event.response_id);
        if (!speech) break;
        this.#expectNews(speech, event.eta_ms ?? 0);
        if (this.#blanks.has(event.response_id)) break; // its place is behind its own speech
        if (event.place > 0) speech.tell('queued', { place: event.place, etaMs: event.eta_ms });
        break;
      }
      case 'response.text.delta':
      case 'response.text.done': {
        const answer = this.#speechOf.get(event.response_id);
        if (!(answer instanceof Answer) || answer.ended) break;
        this.#expectNews(answer);
        if (event.type === 'response.text.delta') answer.wrote(event.delta ?? '');
        else answer.wroteAll();
        break;
      }
      case 'response.created':
        this.#created(event.response);
        break;
      case 'response.audio.timestamps':
        this.#timed(event);
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
    const commit = this.#uncommitted.shift();
    if (!commit) return;
    const { speech, blank, last } = commit;
    if (last) speech.committed = true;
    if (!id) return;
    this.#speechOf.set(id, speech);
    if (blank) this.#blanks.add(id);
    if (last) speech.lastResponseId = id;
    // It was cancelled alone before it had a name.
    if (speech.ended && !blank && !this.#cancelling) this.#send({ type: 'response.cancel', response_id: id });
  }

  /** The server answers prompts in their order. @returns {Answer | undefined} */
  #name(id) {
    const answer = this.#unnamed.shift()?.answer;
    if (!answer) return undefined;
    this.#speechOf.set(id, answer);
    answer.lastResponseId = id;
    if (answer.ended && !this.#cancelling) this.#send({ type: 'response.cancel', response_id: id });
    return answer.ended ? undefined : answer;
  }

  #created(response) {
    const { id } = response;
    const named = this.#speechOf.get(id);
    // A server that cuts sentences itself starts responses that no commit has named.
    const speech = named ?? (this.#cancelling ? null : this.#alive.find(({ status }) => status !== 'connecting'));
    if (speech) {
      this.#speechOf.set(id, speech);
      if (speech.committed && !speech.lastResponseId) speech.lastResponseId = id;
    }
    const sampleRate = response.sample_rate ?? this.session?.sample_rate;
    const fromIndex = speech?.words.at(-1)?.endIndex ?? 0;
    const blank = this.#blanks.has(id);
    const dead = blank || !speech || speech.ended;
    this.#current = { id, speech, sampleRate, fromMs: speech?.audioMs ?? 0, fromIndex, blank, dead };
    if (dead) return;
    speech.status = 'speaking';
    this.#expectNews(speech);
    speech.tell('response', { id, sampleRate, model: response.model, voice: response.voice });
  }

  #take(pcm) {
    this.#tell('frame', { bytes: pcm.byteLength });
    if (!this.#current || this.#current.dead) {
      if (!this.#current?.blank) this.droppedFrames++;
      return;
    }
    const { id, speech, sampleRate } = this.#current;
    speech.audioBytes += pcm.byteLength;
    speech.audioMs += (pcm.byteLength * 500) / sampleRate;
    this.#expectNews(speech);
    speech.tell('audio', { pcm, sampleRate, responseId: id });
  }

  #timed({ response_id: id, words = [] }) {
    const current = this.#current;
    if (current?.id !== id || current.dead || words.length === 0) return;
    const { speech, fromMs } = current;
    // The server counts from the beginning of the response, a listener from that of the speech.
    current.offset ??= speech.placeOf(words[0], current.fromIndex);
    const told = words.map(({ text, begin_index: begin, end_index: end, begin_ms: beginMs, end_ms: endMs }) => ({
      text,
      beginIndex: begin + current.offset,
      endIndex: end + current.offset,
      beginMs: beginMs + fromMs,
      endMs: endMs + fromMs,
    }));
    speech.words.push(...told);
    speech.tell('timestamps', { words: told, responseId: id });
  }

  #done(response) {
    if (response.status === 'cancelled') this.#cancelling = '';
    const speech = this.#speechOf.get(response.id);
    this.#speechOf.delete(response.id);
    if (!this.#blanks.delete(response.id)) speech?.sum(response);
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
    const { firstAudioMs, usage, timings } = speech;
    const reason = response.status === 'incomplete' ? response.status_details?.reason : undefined;
    speech.end(response.status, { firstAudioMs, usage, timings, reason });
  }

  #err(told) {
    const error = VoicebridgeError.from(told);
    if (told.event_id && told.event_id === this.#cancelling) this.#cancelling = '';
    this.#uncommitted = this.#uncommitted.filter(({ eventId }) => eventId !== told.event_id);
    this.#unnamed = this.#unnamed.filter(({ eventId }) => eventId !== told.event_id);
    const speech = this.#sentFor.get(told.event_id) ?? (told.event_id ? null : this.#alive[0]);
    if (!told.event_id) this.#farewell = error;
    if (!speech) {
      // Cancelling what has just ended is no news to anyone.
      if (error.code !== 'response_not_active') this.#tell('error', { error });
      return;
    }
    if (speech.ended) return;
    speech.lastError = error;
    const speaks = [...this.#speechOf.values()].includes(speech);
    if (told.event_id && !speaks && speech.audioBytes > 0) this.#finish(speech, { status: 'completed' });
    else if (told.event_id && !speaks) this.#fail(speech, error);
    else speech.expect(5_000, () => this.#fail(speech, error)); // its response.done should follow
  }

  #lose(code, reason) {
    const { reconnect } = this.#options;
    if (Date.now() - this.#openedAt >= SETTLED_MS) this.#failures = 0;
    const told = this.#alive.find(({ lastError }) => lastError)?.lastError ?? this.#farewell;
    const message = told?.message || reason || 'The connection was lost.';
    const error = new VoicebridgeError(told?.code ?? 'connection_lost', message, { hint: told?.hint, closeCode: code });
    error.retryAfterMs = told?.retryAfterMs;
    const comeBack = mayComeBack(code) && (reconnect || code !== 4029);
    const alive = this.#alive.splice(0);
    const again = alive.filter((speech) => {
      const nothingYet = speech.audioBytes === 0 && !(speech instanceof Answer && speech.text);
      const untouched = nothingYet && speech.attempts < (reconnect ? MAX_ATTEMPTS : 2);
      return comeBack && untouched && (reconnect || speech.complete);
    });
    this.#alive = again;
    if (this.#stream && !again.includes(this.#stream)) this.#stream = null;
    this.#forget();
    this.#become('closed');
    this.#tell('closed', { code, reason, comeBack: mayComeBack(code) });
    for (const speech of alive) if (!again.includes(speech)) speech.end('failed', { error });
    if (reconnect && comeBack && code !== 1000 && !this.#opening) {
      const opening = this.#openAgainAndAgain(error).finally(() => {
        if (this.#opening === opening) this.#opening = null;
      });
      this.#opening = opening;
      opening.catch((cause) => cause.code !== 'closed' && this.#tell('error', { error: cause }));
    }
    for (const speech of again) {
      if (speech.ended) continue;
      speech.status = 'connecting';
      speech.committed = false;
      speech.lastResponseId = '';
      speech.expectNothing();
      this.#start(speech);
    }
  }

  #fail(speech, error) {
    if (this.#stream === speech) this.#stream = null;
    this.#alive = this.#alive.filter((other) => other !== speech);
    this.#retire(speech);
    if (this.#current?.speech === speech) this.#current.dead = true;
    speech.end('failed', { error });
  }

  /** No event of the server is about this speech any more. */
  #retire(speech) {
    for (const [id, other] of this.#sentFor) if (other === speech || other.ended) this.#sentFor.delete(id);
  }

  #expectNews(speech, moreMs = 0) {
    if (!speech.complete) return; // whoever writes may take as long as he likes
    speech.expect(this.#options.quietMs + moreMs, () => {
      this.#fail(speech, new VoicebridgeError('no_answer', 'The server has not answered for a while.'));
    });
  }

  #forget() {
    clearInterval(this.#pulse);
    this.#socket = null;
    this.#cancelling = '';
    this.#farewell = null;
    this.#current = null;
    this.#uncommitted = [];
    this.#unnamed = [];
    this.#blanks.clear();
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

function usualMs(letter) {
  return /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u.test(letter) ? MS_PER_IDEOGRAPH : MS_PER_LETTER;
}

/**
 * A ticket for one connection.
 *
 * @param {{url: string, key?: string, timeoutMs?: number}} door address of the WebSocket door, and a key
 *     where the server wants one
 * @returns {Promise<string>}
 */
export async function fetchTicket({ url, key, timeoutMs = 10_000 }) {
  const response = await fetch(`${url.replace(/^ws/, 'http')}/tickets`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(key ? { Authorization: `Bearer ${key}` } : {}) },
    body: '{}',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const body = await response.json().catch(() => ({}));
  if (response.ok && body.ticket) return body.ticket;
  const { message = '', hint } = body.error ?? {};
  if (response.status === 401 || response.status === 403) throw new VoicebridgeError('key_needed', message, { hint });
  const later = Number(response.headers.get('retry-after')) || undefined;
  const code = response.status === 429 ? 'too_many' : 'connect_failed';
  throw new VoicebridgeError(code, message, { hint, retry_after: later });
}
