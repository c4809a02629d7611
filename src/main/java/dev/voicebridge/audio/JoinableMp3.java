package dev.voicebridge.audio;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Lets through the frames of an MP3 stream and nothing else: no ID3 tag, no info frame (Xing, LAME,
 * VBRI), so that streams may be put end to end and players don't take one's length for that of all.
 * Gives whole frames only, at once when complete; never decodes. Not thread-safe.
 */
public final class JoinableMp3 {
  private static final int HEADER = 4;
  private static final int ID3V2_HEADER = 10;
  private static final int ID3V1 = 128;

  /** Where VBRI stands, whatever the stream. */
  private static final int VBRI_AT = 36;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private byte[] held = new byte[4096];
  private int length;

  /** Bytes of a tag that are still to come. */
  private long skip;

  /**
   * @return the frames that are complete, perhaps none
   */
  public byte[] add(byte[] bytes) {
    int at = (int) Math.min(skip, bytes.length);
    skip -= at;
    int more = bytes.length - at;
    if (length + more > held.length) {
      held = Arrays.copyOf(held, Math.max(2 * held.length, length + more));
    }
    System.arraycopy(bytes, at, held, length, more);
    length += more;
    walk();
    byte[] frames = out.toByteArray();
    out.reset();
    return frames;
  }

  private void walk() {
    int at = 0;
    while (length - at >= HEADER) {
      if (starts(at, "ID3")) {
        if (length - at < ID3V2_HEADER) {
          break;
        }
        long tag = ID3V2_HEADER + syncSafe(at + 6);
        int here = (int) Math.min(tag, length - at);
        skip = tag - here;
        at += here;
      } else if (starts(at, "TAG")) {
        int here = Math.min(ID3V1, length - at);
        skip = (long) ID3V1 - here;
        at += here;
      } else {
        int frame = Mp3Clock.frameBytes(header(at));
        if (frame <= HEADER) {
          at++;
        } else if (length - at < frame) {
          break;
        } else {
          if (!isInfo(at, frame)) {
            out.write(held, at, frame);
          }
          at += frame;
        }
      }
    }
    System.arraycopy(held, at, held, 0, length - at);
    length -= at;
  }

  private boolean isInfo(int at, int frame) {
    int header = header(at);
    boolean mpeg1 = (header >> 19 & 3) == 3;
    boolean mono = (header >> 6 & 3) == 3;
    int sideInfo = mpeg1 ? (mono ? 17 : 32) : (mono ? 9 : 17);
    int tagAt = at + HEADER + sideInfo;
    return (frame >= HEADER + sideInfo + 4 && (starts(tagAt, "Xing") || starts(tagAt, "Info")))
        || (frame >= VBRI_AT + 4 && starts(at + VBRI_AT, "VBRI"));
  }

  private boolean starts(int at, String word) {
    for (int i = 0; i < word.length(); i++) {
      if (held[at + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int header(int at) {
    return (held[at] & 0xFF) << 24
        | (held[at + 1] & 0xFF) << 16
        | (held[at + 2] & 0xFF) << 8
        | (held[at + 3] & 0xFF);
  }

  private long syncSafe(int at) {
    return (held[at] & 0x7FL) << 21
        | (held[at + 1] & 0x7F) << 14
        | (held[at + 2] & 0x7F) << 7
        | (held[at + 3] & 0x7F);
  }
}
