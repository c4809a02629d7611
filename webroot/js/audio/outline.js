import { floats, outline } from './pcm.js';

/**
 * The outline of a WAV file with 16-bit mono samples.
 *
 * @param {Uint8Array} wav
 * @param {number} count of the peaks
 * @returns {{peaks: number[], ms: number}} peaks 0 to 1; none where it is no such file
 */
export function outlineOf(wav, count) {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  const word = (at) => String.fromCharCode(...wav.subarray(at, at + 4));
  if (wav.length < 44 || word(0) !== 'RIFF') return { peaks: [], ms: 0 };
  const rate = view.getUint32(24, true);
  let at = 12;
  while (at + 8 <= wav.length && word(at) !== 'data') at += 8 + view.getUint32(at + 4, true) + (view.getUint32(at + 4, true) % 2);
  if (at + 8 > wav.length || rate === 0) return { peaks: [], ms: 0 };
  // A streamed file may not know its own size.
  const bytes = Math.min(view.getUint32(at + 4, true) || Infinity, wav.length - at - 8);
  const samples = bytes >> 1;
  const sound = floats(wav.slice(at + 8, at + 8 + samples * 2).buffer);
  return { peaks: [...outline(sound, count)], ms: (samples * 1000) / rate };
}

/** @param {string} base64 */
export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}
