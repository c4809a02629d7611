/** The doctor decodes no more of a file either; a longer one isn't worth the memory. */
const MOST_MS = 310_000;

/**
 * The first channel of a file, as the browser hears it.
 *
 * @param {{sample_rate: number, duration_ms: number}} file as the doctor describes it
 * @returns {Promise<{samples: Float32Array, sampleRate: number} | null>} null: it can't be decoded here
 */
export async function decoded(blob, file) {
  const { sample_rate: sampleRate, duration_ms: durationMs } = file;
  if (sampleRate < 8_000 || sampleRate > 96_000 || durationMs > MOST_MS) return null;
  try {
    // An offline context holds no device, and there is nothing to close.
    const buffer = await new OfflineAudioContext(1, 1, sampleRate).decodeAudioData(await blob.arrayBuffer());
    return { samples: buffer.getChannelData(0), sampleRate };
  } catch {
    return null;
  }
}
