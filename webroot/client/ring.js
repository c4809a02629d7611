/**
 * A ring of 16-bit samples between the network and the loudspeaker.
 *
 * Writing may grow it, in steps and up to a bound; reading never allocates, so that it may run in an
 * audio callback.
 */
export class Ring {
  #samples;
  #head = 0;
  #length = 0;
  #fraction = 0;
  /** Samples behind the head that were read and are still there. */
  #past = 0;
  #step;
  #max;

  /**
   * @param {{initial?: number, step?: number, max?: number}} [sizes] in samples
   */
  constructor({ initial = 48_000, step = 240_000, max = 5_760_000 } = {}) {
    this.#samples = new Int16Array(Math.min(initial, max));
    this.#step = step;
    this.#max = max;
  }

  /** Samples that wait to be read. */
  get length() {
    return this.#length;
  }

  get capacity() {
    return this.#samples.length;
  }

  /**
   * @param {Int16Array} samples
   * @returns {number} how many were taken; fewer than given only when the bound is reached
   */
  write(samples) {
    if (this.#length + samples.length > this.#samples.length) this.#grow(samples.length);
    const taken = Math.min(samples.length, this.#samples.length - this.#length);
    const start = (this.#head + this.#length) % this.#samples.length;
    const first = Math.min(taken, this.#samples.length - start);
    this.#samples.set(samples.subarray(0, first), start);
    this.#samples.set(samples.subarray(first, taken), 0);
    this.#length += taken;
    this.#past = Math.min(this.#past, this.#samples.length - this.#length);
    return taken;
  }

  /**
   * Moves samples to `out` as numbers from -1 to 1.
   *
   * @param {Float32Array} out
   * @param {number} [step] source samples for each one of `out`; other than 1 it interpolates
   *     between neighbours and leaves the last sample behind as the neighbour of what comes
   * @returns {number} how many were written to the front of `out`
   */
  read(out, step = 1) {
    return step === 1 ? this.#copy(out) : this.#resample(out, step);
  }

  /**
   * Makes what is to come longer, at the same pitch: the wave that was heard last is heard once more,
   * blended into what follows. Its length is the one at which the two match best.
   *
   * @param {number} shortest of the lengths to try, samples
   * @param {number} longest
   * @returns {number} by how many samples; 0 when there is too little to work on
   */
  stretch(shortest, longest) {
    const most = Math.min(longest, this.#past, this.#length);
    let best = 0;
    let leastDifference = Infinity;
    for (let length = most; length >= shortest; length -= 2) {
      let difference = 0;
      for (let i = 0; i < most; i += 4) difference += Math.abs(this.#at(i) - this.#at(i - length));
      if (difference >= leastDifference * 0.9) continue;
      leastDifference = difference;
      best = length;
    }
    for (let i = 0; i < best; i++) {
      const weight = i / best;
      this.#samples[this.#index(i - best)] = this.#at(i) * (1 - weight) + this.#at(i - best) * weight;
    }
    this.#head = this.#index(-best);
    this.#length += best;
    this.#past -= best;
    return best;
  }

  clear() {
    this.#head = 0;
    this.#length = 0;
    this.#fraction = 0;
    this.#past = 0;
  }

  /** The sample so many after the head, or before it. */
  #at(offset) {
    return this.#samples[this.#index(offset)];
  }

  #index(offset) {
    const capacity = this.#samples.length;
    return (this.#head + offset + capacity) % capacity;
  }

  #copy(out) {
    const count = Math.min(out.length, this.#length);
    const capacity = this.#samples.length;
    let at = this.#head;
    for (let i = 0; i < count; i++) {
      out[i] = this.#samples[at] / 32768;
      if (++at === capacity) at = 0;
    }
    this.#head = at;
    this.#length -= count;
    this.#past += count;
    return count;
  }

  #resample(out, step) {
    const capacity = this.#samples.length;
    let count = 0;
    while (count < out.length) {
      const whole = Math.max(0, Math.min(Math.floor(this.#fraction), this.#length - 1));
      this.#fraction -= whole;
      this.#head = (this.#head + whole) % capacity;
      this.#length -= whole;
      this.#past += whole;
      // Both neighbours must be there; a fraction of 1 or more waits for samples to skip.
      if (this.#fraction >= 1 || this.#length < 2) break;
      const left = this.#samples[this.#head];
      const right = this.#samples[(this.#head + 1) % capacity];
      out[count++] = (left + (right - left) * this.#fraction) / 32768;
      this.#fraction += step;
    }
    return count;
  }

  #grow(more) {
    const wanted = this.#length + more;
    const steps = Math.ceil((wanted - this.#samples.length) / this.#step);
    const capacity = Math.min(this.#max, this.#samples.length + steps * this.#step);
    if (capacity === this.#samples.length) return;
    const grown = new Int16Array(capacity);
    const first = Math.min(this.#length, this.#samples.length - this.#head);
    grown.set(this.#samples.subarray(this.#head, this.#head + first), 0);
    grown.set(this.#samples.subarray(0, this.#length - first), first);
    this.#samples = grown;
    this.#head = 0;
    this.#past = 0;
  }
}
