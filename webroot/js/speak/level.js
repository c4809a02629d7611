/** Windows of this length are either speech or pause. */
const WINDOW_MS = 20;
/** Quieter than the loudest window by so much: a pause. */
const PAUSE_DB = 30;

export function toDb(factor) {
  return 20 * Math.log10(factor);
}

export function fromDb(db) {
  return 10 ** (db / 20);
}

/**
 * How loud the speech in a recording is: the root mean square of those parts that aren't pauses.
 *
 * @param {ArrayBuffer[]} chunks s16le mono
 * @param {number} sampleRate Hz
 * @returns {{rms: number, peak: number}} 0 to 1; 0 where there is nothing
 */
export function speechLevel(chunks, sampleRate) {
  const length = Math.round((sampleRate * WINDOW_MS) / 1000);
  const powers = [];
  let peak = 0;
  let sum = 0;
  let count = 0;
  for (const chunk of chunks) {
    for (const sample of new Int16Array(chunk, 0, chunk.byteLength >> 1)) {
      const value = sample / 32768;
      peak = Math.max(peak, Math.abs(value));
      sum += value * value;
      if (++count < length) continue;
      powers.push(sum / length);
      sum = 0;
      count = 0;
    }
  }
  if (count > length / 2) powers.push(sum / count);
  const gate = Math.max(0, ...powers) * fromDb(-PAUSE_DB) ** 2;
  const speech = powers.filter((power) => power > gate);
  const mean = speech.reduce((all, power) => all + power, 0) / Math.max(1, speech.length);
  return { rms: Math.sqrt(mean), peak };
}

/**
 * Factors that make two recordings equally loud. The quieter one is raised as far as its peaks allow, the
 * louder one is lowered by the rest: nothing is clipped.
 *
 * @param {{rms: number, peak: number}} a
 * @param {{rms: number, peak: number}} b
 * @returns {[number, number]}
 */
export function matched(a, b) {
  if (a.rms === 0 || b.rms === 0) return [1, 1];
  const wanted = Math.min(Math.sqrt(a.rms * b.rms), a.rms / Math.max(a.peak, a.rms), b.rms / Math.max(b.peak, b.rms));
  return [wanted / a.rms, wanted / b.rms];
}

/**
 * Louder or softer; what would be too loud is held at the loudest.
 *
 * @param {ArrayBuffer} pcm s16le; left as it is
 * @param {number} factor
 * @returns {ArrayBuffer} a new one
 */
export function amplified(pcm, factor) {
  const copy = pcm.slice(0);
  if (factor === 1) return copy;
  const samples = new Int16Array(copy, 0, copy.byteLength >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = Math.max(-32768, Math.min(32767, Math.round(samples[i] * factor)));
  return copy;
}

/**
 * What follows a moment of a recording.
 *
 * @param {ArrayBuffer[]} chunks s16le mono
 * @param {number} ms
 * @param {number} sampleRate Hz
 * @returns {ArrayBuffer[]}
 */
export function after(chunks, ms, sampleRate) {
  let bytes = Math.round((ms * sampleRate) / 1000) * 2;
  const rest = [];
  for (const chunk of chunks) {
    if (bytes < chunk.byteLength) rest.push(bytes > 0 ? chunk.slice(bytes) : chunk);
    bytes -= Math.min(bytes, chunk.byteLength);
  }
  return rest;
}
