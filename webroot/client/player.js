/** What a voice that nobody chose a rate for has. */
const USUAL_RATE_HZ = 24_000;

/**
 * Plays 16-bit mono PCM as it arrives; {@link Player#play} joins it to a speech of `voicebridge.js`.
 *
 * Events: `started {at}` (the `performance.now()` at which the first sample is heard), `played {playedMs,
 * bufferedMs, targetMs, soundingSamples, peak}` about ten times a second while it sounds, where `targetMs`
 * is the delay that the network's jitter asks for; `underruns {count}` of the current speech, at most once a
 * second, `drained`, `blocked` (the browser holds the sound back), `running`, `unavailable {cause}`.
 */
export class Player extends EventTarget {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {AudioWorkletNode | null} */
  #node = null;
  /** @type {Promise<void> | null} */
  #ready = null;
  #rate = 0;
  #last = { playedMs: 0, at: 0 };
  #queued = [];
  #mark = 0;
  /** What is heard and what waits behind it. @type {Turn[]} */
  #turns = [];
  /** @type {AnalyserNode | null} */
  #analyser = null;
  #wave = new Float32Array(512);

  /** Samples other than zero that reached the loudspeaker since the page was opened. */
  soundingSamples = 0;

  /**
   * Must be called inside a click or key press: only then may a page make sound.
   *
   * @param {number} [sampleRate] of what will be played, Hz
   */
  unlock(sampleRate = USUAL_RATE_HZ) {
    if (!this.#context || this.#rate !== sampleRate) this.#open(sampleRate);
    if (this.#context.state !== 'running') {
      this.#context.resume().catch((cause) => this.#emit('blocked', { cause }));
    }
    return this.#ready;
  }

  /** Whether sound can come out right now. */
  get running() {
    return this.#context?.state === 'running' && this.#node !== null;
  }

  /** How loud it is at this moment, 0 to 1: the root mean square of the last 20 ms or so. */
  get level() {
    if (!this.#node) return 0;
    if (!this.#analyser) {
      this.#analyser = this.#context.createAnalyser();
      this.#analyser.fftSize = this.#wave.length;
      this.#node.connect(this.#analyser);
    }
    this.#analyser.getFloatTimeDomainData(this.#wave);
    let sum = 0;
    for (const value of this.#wave) sum += value * value;
    return Math.sqrt(sum / this.#wave.length);
  }

  /** The speech that is heard now, or null. @returns {import('./voicebridge.js').Speech | null} */
  get speech() {
    return this.#turns[0]?.speech ?? null;
  }

  /** Position in the speech, ms; runs on between the reports. */
  get playedMs() {
    if (this.#last.at === 0) return this.#last.playedMs;
    return this.#last.playedMs + Math.min(150, performance.now() - this.#last.at);
  }

  /**
   * Plays a speech as it comes, after those that are played already.
   *
   * @param {import('./voicebridge.js').Speech} speech
   * @returns {Promise<import('./voicebridge.js').Outcome & {playedMs: number}>} when its last sample has been
   *     heard, or it has failed or was stopped; never rejects
   */
  play(speech) {
    return new Promise((resolve) => {
      /** @type {Turn} */
      const turn = { speech, resolve, chunks: [], outcome: null, begun: false, ended: false };
      this.#turns.push(turn);
      const then = (take) => (event) => {
        if (!this.#turns.includes(turn)) return;
        take(event.detail);
        this.#feed(turn);
      };
      speech.addEventListener('audio', then((chunk) => turn.chunks.push(chunk)));
      speech.addEventListener('lull', then(() => turn.chunks.push(null)));
      speech.addEventListener('done', then((outcome) => (turn.outcome = outcome)));
    });
  }

  /** A speech of this rate follows; what is left of the last one is dropped. */
  begin(sampleRate) {
    if (this.#rate !== sampleRate) this.#open(sampleRate);
    this.#last = { playedMs: 0, at: 0 };
    this.#post({ type: 'begin', sampleRate });
  }

  /** @param {ArrayBuffer} pcm s16le, handed over */
  push(pcm) {
    this.#post(pcm, [pcm]);
  }

  /** Nothing follows for now: running dry is no gap. */
  end() {
    this.#post({ type: 'end', mark: ++this.#mark });
  }

  /**
   * Silence within one audio block; nothing that waits is played.
   *
   * @returns {{speech?: import('./voicebridge.js').Speech, playedMs: number}} how much was heard, and of what:
   *     what `Voicebridge.cancel` wants to know
   */
  stop() {
    const playedMs = this.#turns[0]?.begun === false ? 0 : this.playedMs;
    this.#silence();
    const turns = this.#turns.splice(0);
    for (const [i, turn] of turns.entries()) turn.resolve({ status: 'cancelled', playedMs: i === 0 ? playedMs : 0 });
    return { speech: turns[0]?.speech, playedMs };
  }

  /** Gives the loudspeaker back. The next {@link Player#unlock} takes it again. */
  close() {
    this.stop();
    this.#context?.close();
    this.#forget();
    this.#queued = [];
  }

  #silence() {
    this.#queued = [];
    this.#last = { playedMs: this.playedMs, at: 0 };
    this.#post({ type: 'stop' });
  }

  #feed(turn) {
    if (turn !== this.#turns[0]) return;
    for (const chunk of turn.chunks.splice(0)) {
      if (chunk && !turn.begun) {
        turn.begun = true;
        this.begin(chunk.sampleRate);
      }
      if (chunk) this.push(chunk.pcm.slice(0));
      else if (turn.begun) this.end();
    }
    if (!turn.outcome || turn.ended) return;
    turn.ended = true;
    if (turn.outcome.status === 'cancelled') {
      if (turn.begun) this.#silence();
      this.#conclude(turn);
    } else if (turn.begun) {
      this.end(); // what came of it, all or not, is heard to its end
    } else {
      this.#conclude(turn);
    }
  }

  #conclude(turn) {
    this.#turns.shift();
    turn.resolve({ ...turn.outcome, playedMs: turn.begun ? this.#last.playedMs : 0 });
    if (this.#turns.length > 0) this.#feed(this.#turns[0]);
  }

  #open(sampleRate) {
    this.#context?.close();
    try {
      this.#context = new AudioContext({ sampleRate, latencyHint: 'interactive' });
    } catch {
      // A browser that refuses the rate plays at its own; the worklet then resamples.
      this.#context = new AudioContext({ latencyHint: 'interactive' });
    }
    this.#rate = sampleRate;
    this.#node = null;
    this.#analyser = null;
    const context = this.#context;
    context.onstatechange = () => {
      if (context !== this.#context) return;
      this.#emit(context.state === 'running' ? 'running' : 'blocked', {});
    };
    this.#ready = context.audioWorklet
      .addModule(new URL('./player-worklet.js', import.meta.url))
      .then(() => {
        if (context !== this.#context) return;
        this.#node = new AudioWorkletNode(context, 'voicebridge-player', {
          numberOfInputs: 0,
          outputChannelCount: [1],
        });
        this.#node.port.onmessage = ({ data }) => this.#hear(data);
        this.#node.connect(context.destination);
        for (const [message, transfer] of this.#queued.splice(0)) {
          this.#node.port.postMessage(message, transfer);
        }
      });
    this.#ready.catch((cause) => context === this.#context && this.#fail(cause));
  }

  /** Nothing will be heard of what is there; the next {@link Player#unlock} begins anew. */
  #fail(cause) {
    this.#context.close();
    this.#forget();
    this.#queued = [];
    this.#last = { playedMs: 0, at: 0 };
    const error = { code: 'audio', message: String(cause?.message ?? cause), comeBack: false };
    for (const turn of this.#turns.splice(0)) turn.resolve({ status: 'failed', error, playedMs: 0 });
    this.#emit('unavailable', { cause });
  }

  #forget() {
    this.#context = null;
    this.#node = null;
    this.#analyser = null;
    this.#rate = 0;
  }

  #post(message, transfer = []) {
    if (this.#node) this.#node.port.postMessage(message, transfer);
    else if (this.#context) this.#queued.push([message, transfer]); // it is on its way
  }

  #hear(message) {
    switch (message.type) {
      case 'started':
        this.#last = { playedMs: this.#last.playedMs, at: performance.now() };
        this.#emit('started', { at: this.#heardAt(message.contextTime) });
        break;
      case 'played':
        this.#last = { playedMs: message.playedMs, at: performance.now() };
        this.soundingSamples = message.soundingSamples;
        this.#emit('played', message);
        break;
      case 'drained':
        if (message.mark !== this.#mark) break; // an earlier end; more has come since
        this.#last = { playedMs: this.#last.playedMs, at: 0 };
        this.#emit('drained', {});
        if (this.#turns[0]?.ended) this.#conclude(this.#turns[0]);
        break;
      case 'underruns':
        this.#emit('underruns', message);
        break;
    }
  }

  /** When a moment of the audio clock leaves the loudspeaker, on the page's clock. */
  #heardAt(contextTime) {
    const now = performance.now();
    const stamp = this.#context.getOutputTimestamp?.();
    if (!stamp || !stamp.performanceTime) {
      return now + (this.#context.outputLatency || this.#context.baseLatency || 0) * 1000;
    }
    const at = stamp.performanceTime + (contextTime - stamp.contextTime) * 1000;
    // The two clocks are sampled apart; a value far from now is noise.
    return Math.min(Math.max(at, now - 200), now + 500);
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/**
 * @typedef {object} Turn
 * @property {import('./voicebridge.js').Speech} speech
 * @property {(heard: object) => void} resolve
 * @property {({pcm: ArrayBuffer, sampleRate: number} | null)[]} chunks that wait for their turn; null: a lull
 * @property {import('./voicebridge.js').Outcome | null} outcome null: more may come
 * @property {boolean} begun
 * @property {boolean} ended
 */
