const HEADER_BYTES = 44;

/**
 * The header of a mono 16-bit WAV file.
 *
 * @param {number} dataBytes
 * @param {number} sampleRate Hz
 * @returns {ArrayBuffer}
 */
export function wavHeader(dataBytes, sampleRate) {
  const header = new ArrayBuffer(HEADER_BYTES);
  const view = new DataView(header);
  const text = (at, word) => [...word].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, dataBytes, true);
  return header;
}

/**
 * @param {ArrayBuffer[]} chunks s16le mono, whole samples
 * @param {number} sampleRate Hz
 * @returns {Blob}
 */
export function wavFile(chunks, sampleRate) {
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  return new Blob([wavHeader(bytes, sampleRate), ...chunks], { type: 'audio/wav' });
}
