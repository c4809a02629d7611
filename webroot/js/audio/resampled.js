import { floats, joined, pcm16 } from './pcm.js';
import { atRate } from './rate.js';

/**
 * The same sound at another rate.
 *
 * @param {ArrayBuffer[]} chunks s16le mono
 * @param {number} from Hz
 * @param {number} to Hz
 * @returns {Promise<ArrayBuffer[]>}
 */
export async function resampled(chunks, from, to) {
  if (from === to) return chunks;
  return [pcm16(await atRate(joined(chunks.map(floats)), from, to))];
}
