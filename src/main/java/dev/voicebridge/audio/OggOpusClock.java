package dev.voicebridge.audio;

/**
 * Reads the granule positions of Ogg pages (RFC 3533 §6), less the pre-skip of the OpusHead (RFC
 * 7845 §4.2). A page counts once its last byte is there. Chained streams add up.
 */
final class OggOpusClock extends AudioClock {
  private static final int PAGE_HEADER = 27;
  private static final int MAX_SEGMENTS = 255;
  private static final int HEAD_PRE_SKIP = 10;
  private static final byte[] CAPTURE = {'O', 'g', 'g', 'S'};
  private static final byte[] OPUS_HEAD = {'O', 'p', 'u', 's', 'H', 'e', 'a', 'd'};

  /** Samples a second of a granule position. */
  private static final int RATE = 48000;

  /** A page holds at most 255 packets of at most 120 ms: a larger step is a cut in the stream. */
  private static final long MAX_STEP = 255L * RATE * 120 / 1000;

  private final byte[] header = new byte[PAGE_HEADER + MAX_SEGMENTS];
  private int headerLength;

  /** First bytes of the body. */
  private final byte[] start = new byte[HEAD_PRE_SKIP + 2];

  private int startLength;
  private int bodyLeft;
  private long granule;
  private long samples;

  /** Samples that the decoder will still drop. */
  private long preSkip;

  @Override
  public void add(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (bodyLeft > 0) {
        int part = Math.min(bodyLeft, end - at);
        int kept = Math.min(part, start.length - startLength);
        System.arraycopy(bytes, at, start, startLength, kept);
        startLength += kept;
        bodyLeft -= part;
        at += part;
        if (bodyLeft == 0) {
          pageDone();
        }
      } else {
        header[headerLength++] = bytes[at++];
        understandHeader();
      }
    }
  }

  private void understandHeader() {
    int known = Math.min(headerLength, CAPTURE.length);
    if (header[known - 1] != CAPTURE[known - 1]) {
      // No byte repeats in the pattern but g, so only the last byte can begin a new match.
      boolean again = header[headerLength - 1] == CAPTURE[0];
      header[0] = CAPTURE[0];
      headerLength = again ? 1 : 0;
      return;
    }
    if (headerLength < PAGE_HEADER || headerLength < PAGE_HEADER + segments()) {
      return;
    }
    startLength = 0;
    bodyLeft = 0;
    for (int i = 0; i < segments(); i++) {
      bodyLeft += header[PAGE_HEADER + i] & 0xFF;
    }
    if (bodyLeft == 0) {
      pageDone();
    }
  }

  private int segments() {
    return header[PAGE_HEADER - 1] & 0xFF;
  }

  private void pageDone() {
    headerLength = 0;
    if (startLength == start.length && startsWithOpusHead()) {
      preSkip = u16le(start, HEAD_PRE_SKIP);
      granule = 0;
      return;
    }
    long position = u32le(header, 6) | u32le(header, 10) << 32;
    if (position == -1) {
      return; // no packet ends on this page
    }
    long step = position - granule;
    granule = position;
    if (step > 0 && step <= MAX_STEP) {
      long dropped = Math.min(step, preSkip);
      preSkip -= dropped;
      samples += step - dropped;
    }
  }

  private boolean startsWithOpusHead() {
    for (int i = 0; i < OPUS_HEAD.length; i++) {
      if (start[i] != OPUS_HEAD[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public long durationMicros() {
    return samples * 1_000_000 / RATE;
  }
}
