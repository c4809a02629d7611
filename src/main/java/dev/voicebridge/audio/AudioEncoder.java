package dev.voicebridge.audio;

/**
 * Turns 16-bit mono samples into one continuous encoded stream. One per stream; not thread-safe,
 * may take milliseconds per second of audio: keep it off the event loop where audio is long.
 */
public interface AudioEncoder {
  /**
   * Encodes what it can and keeps the rest.
   *
   * @param samples 16-bit mono at the rate the encoder was made for
   * @return the next bytes of the stream, perhaps none; the first bytes carry the header, if any
   */
  byte[] encode(short[] samples, int offset, int length);

  /**
   * @return the rest of the stream, padded with silence to a whole frame where the codec needs it
   */
  byte[] finish();
}
