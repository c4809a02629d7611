package dev.voicebridge.audio;

/** Takes 16-bit mono samples at one rate into an encoder that wants another. Not thread-safe. */
public final class Recoder {
  private final Resampler resampler;
  private final AudioEncoder encoder;

  /**
   * @param fromHz rate of what goes in
   * @param toHz rate that the encoder was made for
   */
  public Recoder(int fromHz, int toHz, AudioEncoder encoder) {
    this.resampler = new Resampler(fromHz, toHz);
    this.encoder = encoder;
  }

  /**
   * @param pcm whole little-endian samples
   * @return the next bytes of the encoded stream, perhaps none
   */
  public byte[] add(byte[] pcm) {
    short[] samples = new short[pcm.length / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) AudioClock.u16le(pcm, 2 * i);
    }
    return encode(resampler.process(samples));
  }

  /**
   * @return the rest of the encoded stream
   */
  public byte[] finish() {
    byte[] last = encode(resampler.finish());
    byte[] end = encoder.finish();
    byte[] all = new byte[last.length + end.length];
    System.arraycopy(last, 0, all, 0, last.length);
    System.arraycopy(end, 0, all, last.length, end.length);
    return all;
  }

  private byte[] encode(short[] samples) {
    return encoder.encode(samples, 0, samples.length);
  }
}
