/** A script is lines of text, each spoken by somebody. Nothing here knows the page. */

export const MAX_LINES = 500;

/**
 * Cuts a text into lines. `Name: words` (also with the wide colon) gives a line to that speaker where the name
 * is known; a cue of subtitles loses its number and its times.
 *
 * @param {string} text
 * @param {string[]} [names] of speakers
 * @returns {{text: string, speaker: string}[]} `speaker` empty: nobody was named
 */
export function parseScript(text, names = []) {
  const known = new Map(names.filter(Boolean).map((name) => [name.toLowerCase(), name]));
  const lines = [];
  for (const raw of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const line = raw.trim();
    if (line === '' || /^\d+$/.test(line) || /^\d+:\d\d(:\d\d)?[,.]\d+ -->/.test(line) || line === 'WEBVTT') continue;
    const [, name, rest] = /^([^:：]{1,100})[:：]\s*(.+)$/.exec(line) ?? [];
    const speaker = known.get(name?.trim().toLowerCase());
    lines.push(speaker ? { text: rest, speaker } : { text: line, speaker: '' });
  }
  return lines;
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
