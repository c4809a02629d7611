/**
 * Plays 16-bit mono PCM as it arrives.
 *
 * Events: `started {at}` (the `performance.now()` at which the first sample is heard), `played
 * {playedMs, bufferedMs, soundingSamples, peak}` about ten times a second while it sounds, `underruns {count}` at most
 * once a second, `drained`, `blocked` (the browser holds the sound back), `running`, `unavailable {cause}`.
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

  /** Samples other than zero that reached the loudspeaker since the page was opened. */
  soundingSamples = 0;

  /**
   * Must be called inside a click or key press: only then may a page make sound.
   *
   * @param {number} sampleRate of what will be played, Hz
   */
  unlock(sampleRate) {
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

  /** Played time of the speech, ms; runs on between the reports. */
  get playedMs() {
    if (this.#last.at === 0) return this.#last.playedMs;
    return this.#last.playedMs + Math.min(150, performance.now() - this.#last.at);
  }

  begin(sampleRate) {
    if (this.#rate !== sampleRate) this.#open(sampleRate);
    this.#last = { playedMs: 0, at: 0 };
    this.#post({ type: 'begin', sampleRate });
  }

  /** @param {ArrayBuffer} pcm s16le, handed over */
  push(pcm) {
    this.#post(pcm, [pcm]);
  }

  end() {
    this.#post({ type: 'end', mark: ++this.#mark });
  }

  /** Silence within one audio block. */
  stop() {
    this.#queued = [];
    this.#last = { playedMs: this.playedMs, at: 0 };
    this.#post({ type: 'stop' });
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
    this.#ready.catch((cause) => this.#emit('unavailable', { cause }));
  }

  #post(message, transfer = []) {
    if (this.#node) this.#node.port.postMessage(message, transfer);
    else this.#queued.push([message, transfer]);
  }

  #hear(message) {
    switch (message.type) {
      case 'started':
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
