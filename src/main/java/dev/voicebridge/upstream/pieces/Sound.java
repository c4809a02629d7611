package dev.voicebridge.upstream.pieces;

import dev.voicebridge.audio.Resampler;
import dev.voicebridge.upstream.UpstreamException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Joins the answers to the pieces of one response: headers off, whole samples only, no click where
 * one piece ends and the next begins, one stream of samples at the rate that is wanted.
 */
final class Sound {
  /** Long enough for no click, too short to be heard. */
  private static final int RAMP_MS = 3;

  private static final int LONGEST_HEADER_BYTES = 4096;

  private final int wantedHz;

  /** Null while the rate is the wanted one. */
  private @Nullable Resampler resampler;

  private int resamplerHz;

  // Of the piece:
  private int hz;
  private boolean headerDone;
  private byte[] left = new byte[0];
  private short[] tail = new short[0];
  private long samples;

  Sound(int wantedHz) {
    this.wantedHz = wantedHz;
  }

  /**
   * @param hz the rate of the samples, unless a header says another
   */
  void beginPiece(int hz) {
    this.hz = hz;
    headerDone = false;
    left = new byte[0];
    tail = new short[0];
    samples = 0;
  }

  /** Whether the piece has brought a sample. */
  boolean hasSamples() {
    return samples > 0;
  }

  /**
   * @throws UpstreamException GARBAGE when it is no 16-bit mono sound
   */
  Buffer add(Buffer bytes) {
    byte[] all = new byte[left.length + bytes.length()];
    System.arraycopy(left, 0, all, 0, left.length);
    bytes.getBytes(0, bytes.length(), all, left.length);
    int from = 0;
    if (!headerDone) {
      from = header(all);
      if (from < 0) {
        left = all;
        return Buffer.buffer();
      }
      headerDone = true;
    }
    int count = (all.length - from) / 2;
    short[] fresh = new short[count];
    for (int i = 0; i < count; i++) {
      fresh[i] = (short) ((all[from + 2 * i] & 0xff) | (all[from + 2 * i + 1] << 8));
    }
    left = (all.length - from) % 2 == 0 ? new byte[0] : new byte[] {all[all.length - 1]};
    return fresh.length == 0 ? Buffer.buffer() : heard(fresh);
  }

  /** Drops half a sample. */
  Buffer endPiece() {
    for (int i = 0; i < tail.length; i++) {
      tail[i] = (short) (tail[i] * (tail.length - 1 - i) / tail.length);
    }
    short[] last = tail;
    tail = new short[0];
    left = new byte[0];
    return out(last);
  }

  /** What is still held. */
  Buffer endResponse() {
    Buffer rest = Buffer.buffer();
    if (resampler != null) {
      rest = bytes(resampler.finish());
      resampler = null;
    }
    return rest;
  }

  private Buffer heard(short[] fresh) {
    int ramp = Math.max(1, hz * RAMP_MS / 1000);
    for (int i = 0; i < fresh.length && samples + i < ramp; i++) {
      fresh[i] = (short) (fresh[i] * (samples + i) / ramp);
    }
    samples += fresh.length;
    short[] all = new short[tail.length + fresh.length];
    System.arraycopy(tail, 0, all, 0, tail.length);
    System.arraycopy(fresh, 0, all, tail.length, fresh.length);
    int now = Math.max(0, all.length - ramp);
    tail = new short[all.length - now];
    System.arraycopy(all, now, tail, 0, tail.length);
    short[] out = new short[now];
    System.arraycopy(all, 0, out, 0, now);
    return out(out);
  }

  private Buffer out(short[] piece) {
    Buffer out = Buffer.buffer();
    if (resampler != null && resamplerHz != hz) {
      out.appendBuffer(bytes(resampler.finish()));
      resampler = null;
    }
    if (hz == wantedHz) {
      return out.appendBuffer(bytes(piece));
    }
    if (resampler == null) {
      resampler = new Resampler(hz, wantedHz);
      resamplerHz = hz;
    }
    return out.appendBuffer(bytes(resampler.process(piece)));
  }

  private static Buffer bytes(short[] piece) {
    byte[] bytes = new byte[2 * piece.length];
    for (int i = 0; i < piece.length; i++) {
      bytes[2 * i] = (byte) piece[i];
      bytes[2 * i + 1] = (byte) (piece[i] >> 8);
    }
    return Buffer.buffer(bytes);
  }

  /**
   * The sizes in the header of a stream cannot be trusted and are not looked at.
   *
   * @return where the samples begin; -1: not known yet
   */
  private int header(byte[] all) {
    if (all.length < 4) {
      return -1;
    }
    String magic = new String(all, 0, 4, StandardCharsets.ISO_8859_1);
    if (magic.startsWith("ID3") || magic.equals("OggS") || magic.equals("fLaC")) {
      throw garbage("the service sent another format than was asked for");
    }
    if (!magic.equals("RIFF")) {
      return 0;
    }
    Buffer header = Buffer.buffer(all);
    int at = 12;
    while (at + 8 <= all.length) {
      String chunk = header.getString(at, at + 4, "ISO-8859-1");
      if (chunk.equals("data")) {
        return at + 8;
      }
      if (chunk.equals("fmt ") && at + 24 <= all.length) {
        format(header, at + 8);
      }
      long size = header.getUnsignedIntLE(at + 4);
      if (size > LONGEST_HEADER_BYTES) {
        throw garbage("the service sent a broken WAV header");
      }
      at += 8 + (int) (size + size % 2);
    }
    if (all.length > LONGEST_HEADER_BYTES) {
      throw garbage("the service sent a WAV header without an end");
    }
    return -1;
  }

  private void format(Buffer header, int at) {
    int rate = header.getIntLE(at + 4);
    if (header.getUnsignedShortLE(at + 2) != 1
        || header.getUnsignedShortLE(at + 14) != 16
        || rate < 8_000
        || rate > 48_000) {
      throw garbage("the service sent a WAV that is not 16-bit mono");
    }
    hz = rate;
  }

  private static UpstreamException garbage(String why) {
    return new UpstreamException(UpstreamException.Kind.GARBAGE, why);
  }
}
