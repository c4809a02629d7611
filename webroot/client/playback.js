import { Ring } from './ring.js';

const MIN_START_MS = 80;
const MAX_START_MS = 400;
/** So long without a gap, and the start-up buffer shrinks again. */
const CALM_MS = 10_000;

/**
 * What the audio thread does with arriving samples: waits for a small start-up buffer, plays, counts
 * gaps, falls silent at once. Knows nothing of Web Audio, so that it can be tested anywhere.
 */
export class Playback {
  /** Frames of the current speech that went out. */
  playedFrames = 0;
  /** Samples other than zero that ever went out. */
  soundingSamples = 0;
  /** Times that the buffer ran dry in the middle of the current speech. */
  underruns = 0;
  /** Samples that didn't fit into the ring at its bound. */
  lostSamples = 0;
  /** True from the block that carries the first frame of a speech; the caller resets it. */
  started = false;
  /** True when everything that was announced has gone out; the caller resets it. */
  drained = false;
  /** What the last `end` was called with. */
  mark = 0;

  #ring;
  #outRate;
  #inRate;
  #startMs = MIN_START_MS;
  #calmFrames = 0;
  #sounding = false;
  #ended = true;
  #fresh = true;
  #tail;
  #tailLength = 0;

  /** @param {number} outRate frames a second that `render` is asked for */
  constructor(outRate, { ring = new Ring(), block = 128 } = {}) {
    this.#ring = ring;
    this.#outRate = outRate;
    this.#inRate = outRate;
    this.#tail = new Float32Array(block);
  }

  /** Source samples waiting. */
  get bufferedMs() {
    return (this.#ring.length * 1000) / this.#inRate;
  }

  get startMs() {
    return this.#startMs;
  }

  /** Played time of the current speech, ms. */
  get playedMs() {
    return (this.playedFrames * 1000) / this.#outRate;
  }

  /** A new speech at a sample rate; whatever was left of the last one is dropped. */
  begin(inRate) {
    this.#ring.clear();
    this.#inRate = inRate;
    this.#sounding = false;
    this.#ended = false;
    this.#fresh = true;
    this.playedFrames = 0;
    this.underruns = 0;
    this.lostSamples = 0;
    this.started = false;
    this.drained = false;
  }

  /** @param {Int16Array} samples */
  write(samples) {
    this.#ended = false;
    this.drained = false;
    this.lostSamples += samples.length - this.#ring.write(samples);
  }

  /**
   * No more samples for now: what waits is played, and running dry is no gap.
   *
   * @param {number} [mark] comes back beside `drained`, to tell this end from an earlier one
   */
  end(mark = 0) {
    this.#ended = true;
    this.mark = mark;
    if (!this.#sounding && this.#ring.length === 0) this.drained = true;
  }

  /** Silent within one block: the samples that would have come next fade out, the rest is gone. */
  stop() {
    if (this.#sounding) {
      const count = this.#ring.read(this.#tail, this.#inRate / this.#outRate);
      for (let i = 0; i < count; i++) this.#tail[i] *= 1 - (i + 1) / count;
      this.#tailLength = count;
    }
    this.#ring.clear();
    this.#sounding = false;
    this.#ended = true;
    this.#fresh = true;
    this.drained = false;
  }

  /**
   * Fills one block; never allocates.
   *
   * @param {Float32Array} out
   */
  render(out) {
    out.fill(0);
    if (this.#tailLength > 0) {
      const count = Math.min(this.#tailLength, out.length);
      for (let i = 0; i < count; i++) out[i] = this.#tail[i];
      this.#tailLength = 0;
      return;
    }
    if (!this.#sounding && !this.#mayStart()) return;
    const count = this.#ring.read(out, this.#inRate / this.#outRate);
    this.playedFrames += count;
    for (let i = 0; i < count; i++) if (out[i] !== 0) this.soundingSamples++;
    if (count === out.length) this.#stayCalm(count);
    else this.#runDry(out, count);
  }

  #mayStart() {
    const enough = this.bufferedMs >= this.#startMs || (this.#ended && this.#ring.length > 0);
    if (!enough) return false;
    this.#sounding = true;
    if (this.#fresh) {
      this.#fresh = false;
      this.started = true;
    }
    return true;
  }

  #stayCalm(frames) {
    this.#calmFrames += frames;
    if (this.#calmFrames * 1000 < CALM_MS * this.#outRate) return;
    this.#calmFrames = 0;
    this.#startMs = Math.max(MIN_START_MS, this.#startMs / 1.25);
  }

  #runDry(out, count) {
    // The last value fades away in the rest of the block, as a step would be heard as a click.
    const last = count > 0 ? out[count - 1] : 0;
    for (let i = count; i < out.length; i++) out[i] = last * (1 - (i - count + 1) / (out.length - count));
    this.#sounding = false;
    if (this.#ended) {
      this.#ring.clear();
      this.drained = true;
      return;
    }
    this.underruns++;
    this.#calmFrames = 0;
    this.#startMs = Math.min(MAX_START_MS, this.#startMs * 1.5);
  }
}
