/** How a vendor counts, by the dialect of the model: `characters`, `han2` (a Han character is two) or `bytes`. */
export function unitOf(model) {
  const dialect = (model?.dialect ?? '').toLowerCase();
  if (dialect.includes('cosyvoice')) return 'han2';
  if (dialect.includes('siliconflow') || /siliconflow/i.test(model?.owned_by ?? '')) return 'bytes';
  return 'characters';
}

/**
 * What a text counts for.
 *
 * @param {string} text as it is read aloud
 * @param {'characters' | 'han2' | 'bytes'} unit
 */
export function cost(text, unit) {
  if (unit === 'bytes') return new TextEncoder().encode(text).length;
  const letters = [...text];
  return unit === 'han2' ? letters.length + letters.filter((letter) => /\p{Script=Han}/u.test(letter)).length : letters.length;
}

/** The rate that two models can both speak at: the one wished for, or else the best. */
export function commonRate(a, b, wished) {
  const both = (a.sample_rates ?? []).filter((rate) => (b.sample_rates ?? []).includes(rate));
  if (both.length === 0 || both.includes(wished)) return wished;
  return Math.max(...both);
}

/** What an instruction may be: `languages` it may be written in, and its length. */
export function instructionRule(model) {
  const id = model?.id ?? '';
  if (id.startsWith('qwen3-tts-instruct')) return { rule: 'qwen', most: 1_600 };
  if (id.startsWith('cosyvoice-v3.5')) return { rule: 'v35', most: 100 };
  if (id.startsWith('cosyvoice')) return { rule: 'v3', most: 100 };
  return { rule: 'other', most: 100 };
}

/** Length of an instruction as the vendor counts: CosyVoice takes a Han character for two; Qwen counts tokens, here guessed. */
export function instructionLength(text, { rule }) {
  if (rule === 'qwen') return Math.ceil([...text].reduce((sum, letter) => sum + (/\p{Script=Han}/u.test(letter) ? 1 : 0.3), 0));
  return cost(text, 'han2');
}
