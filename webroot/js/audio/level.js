/** Three samples in a row up there are a cut-off top, not a loud one. */
const TOP = 0.985;
const TOP_RUN = 3;
/** The doctor's line for "too quiet" is a peak of -22 dB. */
const QUIET_PEAK = 0.08;
const SILENT_PEAK = 0.012;
const SPEECH_PEAK = 0.02;
/** A breath is no silence. */
const LOOK_BACK_MS = 2_500;
/** Between two words nobody stops speaking. */
const BETWEEN_WORDS_MS = 100;
/** So long a warning stays after its cause, that it can be read. */
const STAYS_MS = 2_000;

/** Listens along while somebody records: how loud it is, and what is wrong with it. */
export class LevelWatch {
  /** @type {null | 'clipping' | 'quiet' | 'silence'} */
  warning = null;
  /** Loudness of the last chunk, 0 (-60 dB) to 1 (full scale). */
  level = 0;
  elapsedMs = 0;
  /** How much of it somebody spoke. */
  spokenMs = 0;
  #spokeAtMs = -Infinity;
  #clippedAtMs = -Infinity;
  #run = 0;
  /** Peaks of the last while: `[endMs, peak]`. */
  #recent = [];

  /** @param {Float32Array} chunk */
  hear(chunk, sampleRate) {
    let peak = 0;
    for (const sample of chunk) {
      const size = Math.abs(sample);
      if (size > peak) peak = size;
      this.#run = size >= TOP ? this.#run + 1 : 0;
      if (this.#run >= TOP_RUN) this.#clippedAtMs = this.elapsedMs;
    }
    const ms = (chunk.length * 1000) / sampleRate;
    this.elapsedMs += ms;
    if (peak >= SPEECH_PEAK) this.#spokeAtMs = this.elapsedMs;
    if (this.elapsedMs - this.#spokeAtMs < BETWEEN_WORDS_MS) this.spokenMs += ms;
    this.level = Math.max(0, Math.min(1, (20 * Math.log10(peak || 1e-9) + 60) / 60));
    this.#recent.push([this.elapsedMs, peak]);
    while (this.#recent[0][0] < this.elapsedMs - LOOK_BACK_MS) this.#recent.shift();
    this.warning = this.#judge();
  }

  #judge() {
    if (this.elapsedMs - this.#clippedAtMs < STAYS_MS) return 'clipping';
    if (this.elapsedMs < LOOK_BACK_MS) return null;
    const loudest = this.#recent.reduce((most, [, peak]) => Math.max(most, peak), 0);
    if (loudest < SILENT_PEAK) return 'silence';
    return loudest < QUIET_PEAK ? 'quiet' : null;
  }
}
