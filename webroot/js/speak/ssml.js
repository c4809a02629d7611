/** What CosyVoice and Sambert read; anything else they would refuse or read aloud. */
const ELEMENTS = ['speak', 'break', 'sub', 'phoneme', 'say-as', 'soundEvent', 's', 'p', 'w', 'emotion'];
const TAG = /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ENTITY = /&(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);/y;

/** Ready pieces: what is put around the selection, or in its place. */
export const PIECES = {
  break: { before: '<break time="500ms"/>', after: '' },
  phoneme: { before: '<phoneme alphabet="py" ph="chong2">', inner: '重', after: '</phoneme>' },
  sub: { before: '<sub alias="Voicebridge">', inner: 'VB', after: '</sub>' },
  digits: { before: '<say-as interpret-as="digits">', inner: '12345', after: '</say-as>' },
};

/**
 * What is wrong with a text that is sent as SSML.
 *
 * @param {string} text
 * @returns {{problem: 'root' | 'tag' | 'unclosed' | 'unopened' | 'unknown' | 'entity' | 'outside', what: string, at: number} | null}
 *     the first mistake, `at` an index of the text; null: it can be sent
 */
export function check(text) {
  const open = [];
  const wrong = (problem, what, at) => ({ problem, what, at });
  const start = text.search(/\S/);
  if (start < 0 || !/^<speak[\s>/]/.test(text.slice(start))) return wrong('root', '<speak>', Math.max(0, start));
  for (let at = start; at < text.length; ) {
    const letter = text[at];
    if (letter === '<') {
      TAG.lastIndex = at;
      const tag = TAG.exec(text);
      if (!tag) return wrong('tag', text.slice(at, at + 24), at);
      const [whole, closing, name, , alone] = tag;
      if (!ELEMENTS.includes(name)) return wrong('unknown', name, at);
      if (open.length === 0 && at > start) return wrong('outside', whole, at);
      if (closing) {
        if (open.at(-1)?.name !== name) return wrong('unopened', `</${name}>`, at);
        open.pop();
      } else if (!alone) {
        open.push({ name, at });
      }
      at += whole.length;
      continue;
    }
    if (letter === '&') {
      ENTITY.lastIndex = at;
      if (!ENTITY.test(text)) return wrong('entity', '&', at);
    }
    if (open.length === 0 && letter.trim() !== '') return wrong('outside', text.slice(at, at + 24), at);
    at++;
  }
  const last = open.at(-1);
  return last ? wrong('unclosed', `<${last.name}>`, last.at) : null;
}

/** What is read aloud of it. */
export function plain(ssml) {
  return ssml
    .replace(/<sub\b[^>]*\balias\s*=\s*["']([^"']*)["'][^>]*>[^<]*<\/sub>/g, '$1')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:(lt|gt|quot|apos|amp)|#(\d+)|#x([\da-f]+));/gi, (whole, name, number, hex) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[name] ?? sign(number ? Number(number) : parseInt(hex, 16)) ?? whole)
    .trim();
}

/** Whether a text is meant to be read as SSML. */
export function isSsml(text) {
  return /^\s*<speak[\s>]/.test(text);
}

/** A text that was none yet. */
export function wrapped(text) {
  if (isSsml(text)) return text;
  return `<speak>${text.replace(/[<&]/g, (letter) => (letter === '<' ? '&lt;' : '&amp;'))}</speak>`;
}

/** Without its marks, for a model that would read them aloud; a text that is none stays as it is. */
export function unwrapped(text) {
  return isSsml(text) ? plain(text) : text;
}

/**
 * Puts a piece in place of the selection, or around it, and always within `<speak>`.
 *
 * @param {{before: string, inner?: string, after: string}} piece one of {@link PIECES}
 * @returns {{text: string, from: number, to: number}} with what is within the piece selected
 */
export function inserted(text, from, to, { before, inner = '', after }) {
  const first = /^\s*<speak(?:\s[^>]*)?>/.exec(text)?.[0].length ?? 0;
  const last = Math.max(first, text.length - (/<\/speak>\s*$/.exec(text)?.[0].length ?? 0));
  const [start, end] = [from, to].map((at) => Math.min(Math.max(at, first), last));
  const selected = text.slice(start, end);
  const kept = after === '' ? selected : selected || inner;
  const at = start + before.length;
  return { text: text.slice(0, start) + before + kept + after + text.slice(end), from: at, to: at + kept.length };
}

function sign(point) {
  return point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}
