/** From the click to the first audible sample, in the order that they happen. */
export const STAGES = ['connect', 'queued', 'open', 'text', 'audio', 'network', 'decoded', 'heard'];

/**
 * Lays the stages out. Those of the server are known from the commit on, on its own clock; what lies between
 * its first sound and the arrival here, and isn't the server's, was the way there and back.
 *
 * @param {{click: number, sent?: number, firstFrame?: number, decoded?: number, heard?: number}} marks moments
 *     on the page's clock, ms; absent until they come
 * @param {{queued_ms?: number, upstream_open_ms?: number, first_text_ms?: number, first_audio_ms?: number} | null}
 *     timings of `response.done`; null until it comes
 * @returns {{stage: string, fromMs: number, toMs: number}[]} without a gap, from the click; those that are known
 */
export function waterfall(marks, timings) {
  const stages = [];
  let fromMs = 0;
  const until = (stage, toMs, mostMs = Infinity) => {
    const to = Math.max(fromMs, Math.min(toMs, mostMs));
    stages.push({ stage, fromMs, toMs: to });
    fromMs = to;
  };
  const after = (mark) => marks[mark] - marks.click;
  if (marks.sent === undefined) return stages;
  until('connect', after('sent'));
  if (marks.firstFrame === undefined) return stages;
  const arrived = after('firstFrame');
  if (timings?.first_audio_ms !== undefined) {
    const sent = fromMs;
    const { queued_ms: queued, upstream_open_ms: open, first_text_ms: text, first_audio_ms: audio } = timings;
    if (queued !== undefined) until('queued', sent + queued, arrived);
    if (open !== undefined) until('open', sent + open, arrived);
    if (text !== undefined) until('text', sent + text, arrived);
    until('audio', sent + audio, arrived);
    until('network', arrived);
  } else {
    until('audio', arrived);
  }
  if (marks.decoded !== undefined) until('decoded', after('decoded'));
  if (marks.heard !== undefined) until('heard', after('heard'));
  return stages;
}
