import { joined } from './pcm.js';

/** As it is: what a call makes of a voice is not what a clone should sound like. */
const AS_IT_IS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: { ideal: 1 } };
/** More would make a minute too large to send, and no voice better. */
const MOST_HZ = 48_000;
/** Without an answer from the audio thread, what has come so far is all. */
const LAST_WORD_MS = 1_000;

/**
 * A recording under way. Events: `heard {chunk, sampleRate}` about 20 times a second, `lost` when the
 * microphone went away by itself.
 */
export class Microphone extends EventTarget {
  #stream;
  #context;
  #node;
  #chunks = [];
  #closed = false;

  /**
   * Must be called inside a click. Rejects with an Error whose `name` is that of `getUserMedia`, or
   * `insecure` where the browser has none for this page.
   *
   * @param {AbortSignal} signal ends it at any time, the asking included
   */
  static async open(signal) {
    if (!navigator.mediaDevices?.getUserMedia) throw Object.assign(new Error('no microphone here'), { name: 'insecure' });
    const stream = await navigator.mediaDevices.getUserMedia({ audio: AS_IT_IS });
    const microphone = new Microphone(stream);
    signal.addEventListener('abort', () => microphone.close());
    if (signal.aborted) microphone.close();
    signal.throwIfAborted();
    try {
      await microphone.#listen();
      signal.throwIfAborted();
    } catch (cause) {
      microphone.close();
      throw cause;
    }
    return microphone;
  }

  constructor(stream) {
    super();
    this.#stream = stream;
    for (const track of stream.getTracks()) track.addEventListener('ended', () => this.#closed || this.dispatchEvent(new Event('lost')));
  }

  get sampleRate() {
    return this.#context.sampleRate;
  }

  async #listen() {
    const { sampleRate } = this.#stream.getAudioTracks()[0].getSettings();
    try {
      this.#context = new AudioContext(sampleRate ? { sampleRate: Math.min(sampleRate, MOST_HZ) } : {});
    } catch {
      this.#context = new AudioContext(); // a rate that only the device knows
    }
    await this.#context.audioWorklet.addModule(new URL('./recorder-worklet.js', import.meta.url));
    if (this.#closed) return;
    this.#node = new AudioWorkletNode(this.#context, 'voicebridge-recorder', { numberOfOutputs: 0 });
    this.#node.port.onmessage = ({ data }) => this.#hear(data);
    this.#context.createMediaStreamSource(this.#stream).connect(this.#node);
    this.#context.resume().catch(() => {}); // it was closed meanwhile
  }

  #hear(chunk) {
    if (chunk === null) {
      this.dispatchEvent(new Event('last'));
      return;
    }
    this.#chunks.push(chunk);
    if (!this.#closed) this.dispatchEvent(new CustomEvent('heard', { detail: { chunk, sampleRate: this.sampleRate } }));
  }

  /** Ends the recording; the microphone is free at once. @returns {Promise<{samples: Float32Array, sampleRate: number}>} */
  async stop() {
    const { sampleRate } = this;
    this.#free();
    if (this.#context.state === 'running') {
      await new Promise((resolve) => {
        this.addEventListener('last', resolve, { once: true });
        setTimeout(resolve, LAST_WORD_MS);
        this.#node.port.postMessage('stop');
      });
    }
    this.close();
    return { samples: joined(this.#chunks), sampleRate };
  }

  /** The microphone is free, at once. */
  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#free();
    this.#context?.close();
  }

  #free() {
    for (const track of this.#stream.getTracks()) track.stop();
  }
}
