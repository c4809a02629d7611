import { wavFile } from './audio/wav.js';

/** Width of one bar of the waveform, ms. */
export const BAR_MS = 20;

/** What was received for one text: the samples, their outline, and when things happened. */
export class Take {
  /** @type {ArrayBuffer[]} s16le mono */
  chunks = [];
  sampleRate = 0;
  samples = 0;
  /** Loudest value of each 20 ms, 0 to 1. */
  bars = [];
  playedMs = 0;
  bufferedMs = 0;
  gaps = 0;
  /** Moments on the page's clock, ms; absent until they come. */
  marks = {};
  /** Words whose times the server told. @type {import('../client/voicebridge.js').Word[]} */
  words = [];
  /** Ids of the responses that spoke it, oldest first. @type {string[]} */
  responses = [];
  /** Of the first response, once it is over. @type {object | null} */
  timings = null;
  /** As the vendor counted; null: not told (yet). @type {number | null} */
  characters = null;
  /** How it ended; empty: it hasn't. */
  status = '';
  /** `[ms after the first frame, ms in the buffer]` about ten times a second. @type {[number, number][]} */
  buffer = [];
  /** When it ran dry, ms after the first frame. @type {number[]} */
  dry = [];

  #inBar = 0;
  #peak = 0;

  constructor(text) {
    this.text = text;
  }

  get totalMs() {
    return this.sampleRate === 0 ? 0 : (this.samples * 1000) / this.sampleRate;
  }

  /** How long after the click a mark came, whole ms; null before it came. */
  after(mark) {
    const at = this.marks[mark];
    return at === undefined ? null : Math.max(0, Math.round(at - this.marks.click));
  }

  /** @param {ArrayBuffer} pcm kept, not copied */
  add(pcm, sampleRate) {
    this.sampleRate ||= sampleRate;
    this.chunks.push(pcm);
    const samples = new Int16Array(pcm, 0, pcm.byteLength >> 1);
    this.samples += samples.length;
    const perBar = Math.round((this.sampleRate * BAR_MS) / 1000);
    for (const sample of samples) {
      this.#peak = Math.max(this.#peak, Math.abs(sample) / 32768);
      if (++this.#inBar < perBar) continue;
      this.bars.push(this.#peak);
      this.#inBar = 0;
      this.#peak = 0;
    }
  }

  toWav() {
    return wavFile(this.chunks, this.sampleRate);
  }
}

/**
 * Has a text spoken without anybody listening.
 *
 * @param {import('../client/voicebridge.js').Voicebridge} bridge
 * @param {string} text
 * @returns {Promise<Take>} fails with what the server said
 */
export async function record(bridge, text) {
  const take = new Take(text);
  const speech = bridge.speak(text);
  speech.addEventListener('audio', ({ detail }) => take.add(detail.pcm, detail.sampleRate));
  const { status, error } = await speech.done;
  if (status !== 'completed') throw error ?? new Error(status);
  return take;
}
