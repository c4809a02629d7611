package dev.voicebridge.audio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import net.sourceforge.javaflacencoder.EncodingConfiguration;
import net.sourceforge.javaflacencoder.FLACEncoder;
import net.sourceforge.javaflacencoder.FLACOutputStream;
import net.sourceforge.javaflacencoder.StreamConfiguration;

/**
 * FLAC as a stream: nobody goes back to write the length and the checksum into the header, which
 * the format allows to be unknown.
 */
public final class FlacEncoder implements AudioEncoder {
  /** Short enough that the first sound does not wait: 43 ms at 24 kHz. */
  private static final int BLOCK_SAMPLES = 1024;

  private final FLACEncoder codec = new FLACEncoder();
  private final Forward out = new Forward();
  private int unencoded;

  /**
   * @param sampleRateHz 8000–48000
   */
  public FlacEncoder(int sampleRateHz) {
    codec.setStreamConfiguration(
        new StreamConfiguration(1, BLOCK_SAMPLES, BLOCK_SAMPLES, sampleRateHz, 16));
    codec.setEncodingConfiguration(new EncodingConfiguration());
    codec.setOutputStream(out);
    try {
      codec.openFLACStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] encode(short[] samples, int offset, int length) {
    int[] wide = new int[length];
    for (int i = 0; i < length; i++) {
      wide[i] = samples[offset + i];
    }
    codec.addSamples(wide, length);
    unencoded += length;
    int whole = unencoded - unencoded % BLOCK_SAMPLES;
    return whole == 0 ? new byte[0] : write(whole, false);
  }

  @Override
  public byte[] finish() {
    return write(unencoded, true);
  }

  private byte[] write(int samples, boolean last) {
    try {
      unencoded -= codec.encodeSamples(samples, last);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.take();
  }

  /** Collects, and forgets what the codec would write into what is gone already. */
  private static final class Forward implements FLACOutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long position;

    byte[] take() {
      byte[] taken = bytes.toByteArray();
      bytes.reset();
      return taken;
    }

    @Override
    public long seek(long at) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(byte[] data, int offset, int count) {
      bytes.write(data, offset, count);
      position += count;
      return count;
    }

    @Override
    public void write(byte data) {
      bytes.write(data);
      position++;
    }

    @Override
    public long size() {
      return position;
    }

    @Override
    public boolean canSeek() {
      return false;
    }

    @Override
    public long getPos() {
      return position;
    }
  }
}
