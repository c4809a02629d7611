import { wavFile } from './wav.js';

/** Long enough to hide a joint, short enough not to be heard, ms. */
const FADE_MS = 15;
/** What is under it is a room, not a voice. */
const ROOM_PEAK = 0.01;
/** So much of the room stays before and after a voice, ms. */
const MARGIN_MS = 120;

/** The 16-bit WAV of mono samples. @param {Float32Array} samples -1 to 1; louder is cut */
export function toWav(samples, sampleRate) {
  return wavFile([pcm16(samples)], sampleRate);
}

/** As s16le. @param {Float32Array} samples -1 to 1; louder is cut @returns {ArrayBuffer} */
export function pcm16(samples) {
  return Int16Array.from(samples, (value) => Math.max(-32768, Math.min(32767, Math.round(value * 32768)))).buffer;
}

/** From s16le. @param {ArrayBuffer} pcm @returns {Float32Array} -1 to 1 */
export function floats(pcm) {
  return Float32Array.from(new Int16Array(pcm, 0, pcm.byteLength >> 1), (value) => value / 32768);
}

/** One array of many. @param {Float32Array[]} chunks */
export function joined(chunks) {
  const all = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/**
 * The samples with a stretch replaced, with short crossfades at both joints: the old sound goes while the
 * new comes.
 *
 * @param {Float32Array} samples
 * @param {number} from index
 * @param {number} to index after the last
 * @param {Float32Array} insert empty: the stretch is cut out
 */
export function spliced(samples, from, to, insert, sampleRate) {
  const result = new Float32Array(from + insert.length + samples.length - to);
  result.set(samples.subarray(0, from));
  result.set(insert, from);
  result.set(samples.subarray(to), from + insert.length);
  const room = insert.length > 0 ? Math.floor(insert.length / 2) : from;
  const fade = Math.min(Math.round((sampleRate * FADE_MS) / 1000), to - from, room);
  const end = from + insert.length;
  for (let i = 0; i < fade; i++) {
    const share = (i + 1) / (fade + 1);
    if (insert.length > 0) result[from + i] = result[from + i] * share + samples[from + i] * (1 - share);
    // At the end of everything there is nothing to lead to.
    if (to < samples.length) result[end - fade + i] = result[end - fade + i] * (1 - share) + samples[to - fade + i] * share;
  }
  return result;
}

/** Without the silence at both ends; empty when there is nothing else. */
export function trimmed(samples, sampleRate) {
  let first = 0;
  while (first < samples.length && Math.abs(samples[first]) < ROOM_PEAK) first++;
  if (first === samples.length) return samples.subarray(0, 0);
  let last = samples.length - 1;
  while (Math.abs(samples[last]) < ROOM_PEAK) last--;
  const margin = Math.round((sampleRate * MARGIN_MS) / 1000);
  return samples.subarray(Math.max(0, first - margin), Math.min(samples.length, last + 1 + margin));
}

/** The loudest value of each of `count` equal parts, 0 to 1. */
export function outline(samples, count) {
  return Float32Array.from({ length: count }, (_, i) => {
    let peak = 0;
    const end = Math.floor(((i + 1) * samples.length) / count);
    for (let at = Math.floor((i * samples.length) / count); at < end; at++) peak = Math.max(peak, Math.abs(samples[at]));
    return Math.min(1, peak);
  });
}
