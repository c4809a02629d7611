/** A script is lines of text, each spoken by somebody. Nothing here knows the page. */

export const MAX_LINES = 500;

const TIMES = /^(?:\d+:)?\d+:\d\d[,.]\d+\s+-->/;
const TAGS = /<\/?(?:[biuscv]|font|ruby|rt|lang)(?:[.\s][^>]*)?>|<\d[\d:.]*>|\{\\[^}]*\}/gi;
const VOICE = /^<v(?:\.[^\s>]+)?\s+([^>]+)>/i;
const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&nbsp;': ' ', '&lrm;': '', '&rlm;': '' };
const WIDE = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/;

/**
 * The text of a file: UTF-8, else with a mark at its head UTF-16, else as Chinese systems write it.
 *
 * @param {ArrayBuffer} bytes
 * @returns {string | null} null: this is no text
 */
export function decoded(bytes) {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  const marks = { 0xfffe: 'utf-16le', 0xfeff: 'utf-16be' };
  for (const encoding of [marks[first * 256 + second] ?? 'utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return text.includes('\0') ? null : text;
    } catch {
      // It is the next one, or none.
    }
  }
  return null;
}

/**
 * Cuts a text into lines. `Name: words` (also with the wide colon) gives a line to that speaker where the name
 * is known. Of subtitles (SRT, WebVTT) a cue is a line; its number, times and marks are left out, and so are
 * headers and notes.
 *
 * @param {string} text
 * @param {string[]} [names] of speakers
 * @returns {{text: string, speaker: string}[]} `speaker` empty: nobody was named
 */
export function parseScript(text, names = []) {
  const known = new Map(names.filter(Boolean).map((name) => [name.toLowerCase(), name]));
  const who = (name) => known.get(name?.trim().toLowerCase()) ?? '';
  const rows = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/).map((row) => row.trim());
  const web = /^WEBVTT(\s|$)/.test(rows[0]);
  const lines = [];
  const add = (words, speaker = '') => {
    const [, name, rest] = /^([^:：]{1,100})[:：]\s*(.+)$/.exec(words) ?? [];
    if (who(name)) lines.push({ text: rest, speaker: who(name) });
    else lines.push({ text: words, speaker });
  };
  const timesAt = (at) => TIMES.test(rows[at] ?? '');
  /** What stands above the times of a cue. */
  const namesCue = (at) => timesAt(at + 1) && (/^\d+$/.test(rows[at]) || (web && !rows[at - 1]));
  let at = 0;
  const skipBlock = () => {
    while (rows[at] && !timesAt(at) && !timesAt(at + 1)) at++;
  };
  if (web) {
    at = 1;
    skipBlock();
  }
  while (at < rows.length) {
    if (rows[at] === '' || namesCue(at)) at++;
    else if (web && !rows[at - 1] && /^(NOTE|STYLE|REGION)(\s|$)/.test(rows[at])) skipBlock();
    else if (timesAt(at)) {
      const cue = [];
      for (at++; rows[at] && !timesAt(at) && !namesCue(at); at++) cue.push(rows[at]);
      for (const [words, speaker] of spokenIn(cue, who)) add(words, speaker);
    } else add(rows[at++]);
  }
  return lines;
}

/** The rows of a cue as one text, or as one for each speaker that is named in it. */
function spokenIn(cue, who) {
  const parts = [];
  for (const row of cue) {
    const speaker = who(VOICE.exec(row)?.[1]);
    const words = row
      .replace(TAGS, '')
      .replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity)
      .trim();
    if (words === '') continue;
    const last = parts.at(-1);
    if (!last || speaker || who(/^([^:：]{1,100})[:：]/.exec(words)?.[1])) parts.push([words, speaker]);
    else last[0] += (WIDE.test(last[0].at(-1)) && WIDE.test(words[0]) ? '' : ' ') + words;
  }
  return parts;
}

/**
 * The lines of a changed text. What was spoken stays with its words, wherever they have moved to, and so does a
 * speaker chosen by hand unless the text now names another; the takes of the one before are kept then, but none
 * of them is chosen.
 *
 * @param {Line[]} before `named` is whom the text named, `profile` who speaks
 * @param {{text: string, named: string}[]} found
 * @returns {{lines: Line[], left: Line[]}} `left`: lines with takes whose words are gone
 */
export function remade(before, found) {
  const left = [...before];
  const taken = (fits) => {
    const at = left.findIndex(fits);
    return at < 0 ? null : left.splice(at, 1)[0];
  };
  const same = found.map(({ text, named }) => taken((line) => line.text === text && line.named === named));
  const lines = found.map(({ text, named }, i) => {
    if (same[i]) return same[i];
    const line = taken((one) => one.text === text);
    if (!line) return { text, named, profile: named, takes: [], chosen: -1, status: '', error: null };
    const byHand = line.profile !== line.named;
    line.named = named;
    if (line.profile !== named && (named || !byHand)) {
      line.profile = named;
      line.chosen = -1;
    }
    return line;
  });
  return { lines, left: left.filter((line) => line.takes.length > 0) };
}

/**
 * When each line is heard in the joined file.
 *
 * @param {number[]} lengthsMs
 * @param {number} gapMs between two lines
 * @returns {{beginMs: number, endMs: number}[]}
 */
export function timesOf(lengthsMs, gapMs) {
  let at = 0;
  return lengthsMs.map((length) => {
    const times = { beginMs: at, endMs: at + length };
    at += length + gapMs;
    return times;
  });
}

/** @param {{text: string, beginMs: number, endMs: number}[]} cues */
export function srt(cues) {
  return cues.map(({ text, beginMs, endMs }, i) => `${i + 1}\r\n${clock(beginMs)} --> ${clock(endMs)}\r\n${text}\r\n`).join('\r\n');
}

function clock(ms) {
  const whole = Math.round(ms);
  const part = (unit, of) => String(Math.floor(whole / unit) % of).padStart(2, '0');
  return `${part(3_600_000, 100)}:${part(60_000, 60)}:${part(1000, 60)},${String(whole % 1000).padStart(3, '0')}`;
}

/** A file name that every system takes: `007 Good morning`. */
export function fileName(number, text) {
  const words = text
    .replace(/[\\/:*?"<>|\u0000-\u001f\u007f.]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return `${String(number).padStart(3, '0')} ${[...words].slice(0, 30).join('').trim()}`.trim();
}

/**
 * One sound of many, with silence between them. All of one sample rate.
 *
 * @param {ArrayBuffer[][]} takes s16le mono
 * @returns {ArrayBuffer[]}
 */
export function joined(takes, sampleRate, gapMs) {
  const gap = new ArrayBuffer(2 * Math.round((sampleRate * gapMs) / 1000));
  return takes.flatMap((chunks, i) => (i === 0 ? chunks : [gap, ...chunks]));
}
