/**
 * The same sound at another rate; the browser does it.
 *
 * @param {Float32Array} samples mono
 * @param {number} from Hz
 * @param {number} to Hz
 * @returns {Promise<Float32Array>}
 */
export async function atRate(samples, from, to) {
  if (from === to || samples.length === 0) return samples;
  const context = new OfflineAudioContext(1, Math.ceil((samples.length * to) / from), to);
  const buffer = context.createBuffer(1, samples.length, from);
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.start();
  return (await context.startRendering()).getChannelData(0);
}
