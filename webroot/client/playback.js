import { Jitter } from './jitter.js';
import { Ring } from './ring.js';

/**
 * Once it sounds, a reserve costs the listener nothing: it is brought up to this much at least, so that
 * the first stall of a network that seemed calm isn't heard.
 */
const RESERVE_MS = 180;
/** Whoever has so much more than the target may start at once: the reserve can still be made. */
const PLENTY_MS = 200;
/** Arrivals threaten no buffer that holds so much. */
const SAFE_MS = 1_000;
/** A wave of speech repeats itself within these bounds, ms. */
const WAVE_MS = [2.5, 15];
/** From one repeated wave to the next, ms. */
const STRETCH_EVERY_MS = 60;

/**
 * What the audio thread does with arriving samples: waits for as much delay as the network's jitter
 * needs, plays, stretches the sound a little while the reserve is short, counts gaps, falls silent at
 * once. Knows nothing of Web Audio, so that it can be tested anywhere.
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
  #jitter;
  #outRate;
  #inRate;
  /** Frames asked for so far: the clock. */
  #clockFrames = 0;
  /** Samples of the current speech that were taken. */
  #taken = 0;
  #sinceStretch = 0;
  #sounding = false;
  #ended = true;
  #fresh = true;
  /** Silent because it ran dry. */
  #gap = false;
  /** The value that the last whole block ended with. */
  #last = 0;
  #tail;
  #tailLength = 0;

  /** @param {number} outRate frames a second that `render` is asked for */
  constructor(outRate, { ring = new Ring(), jitter = new Jitter(), block = 128 } = {}) {
    this.#ring = ring;
    this.#jitter = jitter;
    this.#outRate = outRate;
    this.#inRate = outRate;
    this.#tail = new Float32Array(block);
  }

  /** Source samples waiting. */
  get bufferedMs() {
    return this.#ms(this.#ring.length);
  }

  /** The delay that it waits for before it sounds; follows the jitter of the last seconds. */
  get targetMs() {
    return this.#jitter.targetMs;
  }

  /** Position in the current speech, ms of what arrived: gaps and stretches don't count. */
  get playedMs() {
    return this.#ms(this.#taken - this.#ring.length);
  }

  /** A new speech at a sample rate; whatever was left of the last one is dropped. */
  begin(inRate) {
    this.#ring.clear();
    this.#jitter.anchor();
    this.#inRate = inRate;
    this.#taken = 0;
    this.#sounding = false;
    this.#ended = false;
    this.#fresh = true;
    this.#gap = false;
    this.playedFrames = 0;
    this.underruns = 0;
    this.lostSamples = 0;
    this.started = false;
    this.drained = false;
  }

  /** @param {Int16Array} samples */
  write(samples) {
    if (this.#ended) this.#jitter.anchor(); // the silence since the last sentence was nobody's lateness
    this.#ended = false;
    this.drained = false;
    const learn = this.bufferedMs < SAFE_MS;
    this.#jitter.arrived(this.#now, this.#ms(this.#taken), this.#ms(samples.length), learn);
    const taken = this.#ring.write(samples);
    this.#taken += taken;
    this.lostSamples += samples.length - taken;
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
    this.#taken -= this.#ring.length;
    this.#ring.clear();
    this.#sounding = false;
    this.#ended = true;
    this.#fresh = true;
    this.#gap = false;
    this.drained = false;
  }

  /**
   * Fills one block; never allocates.
   *
   * @param {Float32Array} out
   */
  render(out) {
    this.#clockFrames += out.length;
    out.fill(0);
    if (this.#tailLength > 0) {
      const count = Math.min(this.#tailLength, out.length);
      for (let i = 0; i < count; i++) out[i] = this.#tail[i];
      this.#tailLength = 0;
      return;
    }
    if (!this.#sounding && !this.#mayStart()) return;
    this.#stretch(out.length);
    const count = this.#ring.read(out, this.#inRate / this.#outRate);
    this.playedFrames += count;
    for (let i = 0; i < count; i++) if (out[i] !== 0) this.soundingSamples++;
    if (count === out.length) this.#last = out[count - 1];
    else this.#runDry(out, count);
  }

  get #now() {
    return (this.#clockFrames * 1000) / this.#outRate;
  }

  get #reserveMs() {
    return this.#jitter.reserve(this.#now, this.playedMs);
  }

  #ms(samples) {
    return (samples * 1000) / this.#inRate;
  }

  #mayStart() {
    if (this.#ring.length === 0) return false;
    // A gap was heard: it had better be the only one.
    const target = this.#gap ? Math.max(RESERVE_MS, this.targetMs) : this.targetMs;
    if (!this.#ended && this.#reserveMs < target && this.bufferedMs < target + PLENTY_MS) return false;
    this.#sounding = true;
    this.#gap = false;
    if (this.#fresh) {
      this.#fresh = false;
      this.started = true;
    }
    return true;
  }

  #stretch(frames) {
    this.#sinceStretch += frames;
    if (this.#ended || this.#sinceStretch * 1000 < STRETCH_EVERY_MS * this.#outRate) return;
    if (this.#reserveMs >= Math.max(RESERVE_MS, this.targetMs)) return;
    const [shortest, longest] = WAVE_MS;
    const samples = this.#inRate / 1000;
    if (this.#ring.stretch(Math.ceil(shortest * samples), Math.floor(longest * samples)) > 0) this.#sinceStretch = 0;
  }

  #runDry(out, count) {
    // The last value fades away in the rest of the block, as a step would be heard as a click.
    const last = count > 0 ? out[count - 1] : this.#last;
    for (let i = count; i < out.length; i++) out[i] = last * (1 - (i - count + 1) / (out.length - count));
    this.#sounding = false;
    if (this.#ended) {
      this.#ring.clear();
      this.drained = true;
      return;
    }
    this.#gap = true;
    this.underruns++;
  }
}
