/** Of ordinary speech, where nothing better is known. */
const MS_PER_LETTER = 62;
const MS_PER_IDEOGRAPH = 240;
const MS_PER_STOP = 280;

/**
 * @typedef {object} Placed
 * @property {number} begin in the text
 * @property {number} end
 * @property {number} beginMs in the sound
 * @property {number} endMs
 */

/**
 * Finds the words that the server told in the text that is shown, which may lack the marks that were sent.
 *
 * @param {string} text
 * @param {{text: string, beginMs: number, endMs: number}[]} words in the order they are spoken
 * @returns {Placed[]} those that are there
 */
export function placed(text, words) {
  const found = [];
  let from = 0;
  for (const { text: word, beginMs, endMs } of words) {
    const begin = word === '' ? -1 : text.indexOf(word, from);
    // A word that is far off is another one: what was said isn't written there.
    if (begin < 0 || begin - from > 60) continue;
    from = begin + word.length;
    found.push({ begin, end: from, beginMs, endMs });
  }
  return found;
}

/**
 * When the words of a text are probably heard.
 *
 * @param {string} text
 * @param {{totalMs?: number, rate?: number}} [known] length of the whole sound, once it is all there; speed
 * @returns {Placed[]}
 */
export function estimated(text, { totalMs = 0, rate = 1 } = {}) {
  const words = [];
  let ms = 0;
  for (const { segment, index, isWordLike } of segments(text)) {
    const beginMs = ms;
    for (const letter of segment) ms += usualMs(letter, isWordLike) / rate;
    if (isWordLike) words.push({ begin: index, end: index + segment.length, beginMs, endMs: ms });
  }
  const scale = totalMs > 0 && ms > 0 ? totalMs / ms : 1;
  return words.map((word) => ({ ...word, beginMs: word.beginMs * scale, endMs: word.endMs * scale }));
}

/**
 * The word being heard, or the last one before a pause; null before the first.
 *
 * @param {Placed[]} words
 * @param {number} ms
 * @returns {Placed | null}
 */
export function wordAt(words, ms) {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle].beginMs <= ms) low = middle + 1;
    else high = middle;
  }
  return words[low - 1] ?? null;
}

function segments(text) {
  if (globalThis.Intl?.Segmenter) return new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text);
  return [...text.matchAll(/[\p{L}\p{N}’']+|[^\p{L}\p{N}]+/gu)].map(({ 0: segment, index }) => ({
    segment,
    index,
    isWordLike: /[\p{L}\p{N}]/u.test(segment),
  }));
}

function usualMs(letter, spoken) {
  if (!spoken) return /[.!?。！？…;；:：,，、]/.test(letter) ? MS_PER_STOP : MS_PER_LETTER / 2;
  return /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u.test(letter) ? MS_PER_IDEOGRAPH : MS_PER_LETTER;
}
