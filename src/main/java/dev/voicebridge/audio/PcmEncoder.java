package dev.voicebridge.audio;

/** Little-endian samples, behind a header or not. */
final class PcmEncoder implements AudioEncoder {
  /** Bytes that go before the next samples; empty once they are out. */
  private byte[] header;

  PcmEncoder(byte[] header) {
    this.header = header;
  }

  @Override
  public byte[] encode(short[] samples, int offset, int length) {
    byte[] out = new byte[header.length + 2 * length];
    System.arraycopy(header, 0, out, 0, header.length);
    int at = header.length;
    for (int i = offset; i < offset + length; i++) {
      out[at++] = (byte) samples[i];
      out[at++] = (byte) (samples[i] >> 8);
    }
    header = new byte[0];
    return out;
  }

  @Override
  public byte[] finish() {
    byte[] out = header;
    header = new byte[0];
    return out;
  }
}
