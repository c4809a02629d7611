/** What is assumed of a network that hasn't been seen yet, and how firmly (ms of audio). */
const FIRST_GUESS_MS = 60;
const FIRST_GUESS_WEIGHT = 1_500;
const MIN_MS = 40;
const MAX_MS = 500;
const BUCKET_MS = 10;
/** This part of the audio comes no later than the target allows. */
const PUNCTUAL = 0.98;
/** Time constant of forgetting, ms of audio. */
const MEMORY_MS = 6_000;
/** The earliest arrivals of so many seconds are the clock that the others are late by. */
const CLOCK_SECONDS = 4;

/**
 * Measures how late audio arrives, and says how much delay before the loudspeaker that needs.
 *
 * Arrival time minus position in the speech is constant on a perfect network. The smallest such
 * difference of the last seconds is the clock; what a frame exceeds it by is its lateness. A histogram of
 * latenesses, which forgets, gives the target. All times are milliseconds of one clock.
 */
export class Jitter {
  #latenesses = new Float64Array(MAX_MS / BUCKET_MS + 1);
  #weight = FIRST_GUESS_WEIGHT;
  /** The smallest difference of each of the last seconds, a ring by second. */
  #earliest = new Float64Array(CLOCK_SECONDS);
  #second = -1;

  /** The delay that lets arrivals like those so far be played without a gap, ms. */
  targetMs = FIRST_GUESS_MS + 2 * BUCKET_MS;

  constructor() {
    this.#latenesses[FIRST_GUESS_MS / BUCKET_MS] = FIRST_GUESS_WEIGHT;
    this.anchor();
  }

  /** The next arrival begins a new speech or sentence: it owes nothing to the clock so far. */
  anchor() {
    this.#earliest.fill(Infinity);
  }

  /**
   * @param {number} now
   * @param {number} position where in the speech these samples begin, ms
   * @param {number} duration of the samples, ms
   * @param {boolean} learn whether the lateness matters; it doesn't to a buffer that is full anyway
   */
  arrived(now, position, duration, learn) {
    this.#turnClock(now);
    const slot = this.#second % CLOCK_SECONDS;
    this.#earliest[slot] = Math.min(this.#earliest[slot], now - position);
    if (learn) this.#learn(now - position - this.#clock(), duration);
  }

  /** How much later than the clock allows a listener at this position hears, ms: his reserve. */
  reserve(now, position) {
    const clock = this.#clock();
    return clock === Infinity ? 0 : now - position - clock;
  }

  #clock() {
    let earliest = Infinity;
    for (let i = 0; i < CLOCK_SECONDS; i++) earliest = Math.min(earliest, this.#earliest[i]);
    return earliest;
  }

  #turnClock(now) {
    const second = Math.floor(now / 1000);
    const passed = Math.min(CLOCK_SECONDS, second - this.#second);
    for (let i = 0; i < passed; i++) this.#earliest[(second - i) % CLOCK_SECONDS] = Infinity;
    this.#second = second;
  }

  #learn(lateness, duration) {
    const keep = Math.exp(-duration / MEMORY_MS);
    for (let i = 0; i < this.#latenesses.length; i++) this.#latenesses[i] *= keep;
    const bucket = Math.min(this.#latenesses.length - 1, Math.floor(lateness / BUCKET_MS));
    this.#latenesses[bucket] += duration;
    this.#weight = this.#weight * keep + duration;
    let last = this.#latenesses.length - 1;
    let late = this.#latenesses[last];
    while (late <= (1 - PUNCTUAL) * this.#weight) late += this.#latenesses[--last];
    this.targetMs = Math.min(MAX_MS, Math.max(MIN_MS, (last + 2) * BUCKET_MS));
  }
}
