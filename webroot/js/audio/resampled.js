/**
 * The same sound at another rate; the browser does it.
 *
 * @param {ArrayBuffer[]} chunks s16le mono
 * @param {number} from Hz
 * @param {number} to Hz
 * @returns {Promise<ArrayBuffer[]>}
 */
export async function resampled(chunks, from, to) {
  if (from === to) return chunks;
  const length = chunks.reduce((sum, chunk) => sum + (chunk.byteLength >> 1), 0);
  const context = new OfflineAudioContext(1, Math.max(1, Math.round((length * to) / from)), to);
  const buffer = context.createBuffer(1, Math.max(1, length), from);
  const samples = buffer.getChannelData(0);
  let at = 0;
  for (const chunk of chunks) for (const sample of new Int16Array(chunk, 0, chunk.byteLength >> 1)) samples[at++] = sample / 32768;
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.start();
  const heard = (await context.startRendering()).getChannelData(0);
  return [Int16Array.from(heard, (value) => Math.max(-32768, Math.min(32767, Math.round(value * 32768)))).buffer];
}
