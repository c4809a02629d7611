package dev.voicebridge.sample;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.sourceforge.jaad.aac.Decoder;
import net.sourceforge.jaad.mp4.MP4Exception;
import org.jspecify.annotations.Nullable;

/**
 * Reads AAC from MP4. The boxes are walked here, within bounds of depth, number and size; only
 * single AAC frames are given to the library's decoder.
 */
final class M4aFile {
  private static final int MAX_DEPTH = 10;
  private static final int MAX_BOXES = 20_000;
  private static final int MAX_FRAME_BYTES = 1 << 16;
  private static final int MAX_BAD_FRAMES = 50;

  // The library loses sound frames with extreme coefficients (about one in 300 of loud speech), so
  // a few bad ones, 2 % at most, are no fault of the file.

  private final byte[] file;
  private final ByteBuffer bytes;
  private int boxes;
  private final List<Track> tracks = new ArrayList<>();
  private boolean fragmented;
  private boolean cut;

  /** The tables of one track; null or empty until their box has been seen. */
  private static final class Track {
    boolean sound;
    String codec = "";
    byte @Nullable [] decoderConfig;
    int sizesAt = -1;
    int sizesEnd;
    int chunksAt = -1;
    int chunksEnd;
    boolean wideChunks;
    int chunkRunsAt = -1;
    int chunkRunsEnd;
    long timescale;
    long durationUnits;
  }

  private M4aFile(byte[] file) {
    this.file = file;
    bytes = ByteBuffer.wrap(file);
  }

  static DecodedFile decode(byte[] file, Limits limits) throws UnreadableException {
    M4aFile m4a = new M4aFile(file);
    try {
      m4a.walk(0, file.length, 0, null);
      return m4a.decode(limits);
    } catch (IndexOutOfBoundsException e) {
      // A table that goes beyond its file; all reads are checked by the buffer.
      throw new UnreadableException(FindingCode.CORRUPT, "a box ends too early");
    }
  }

  private void walk(int from, int to, int depth, @Nullable Track track) throws UnreadableException {
    if (depth > MAX_DEPTH) {
      throw new UnreadableException(FindingCode.CORRUPT, "boxes nested too deeply");
    }
    int at = from;
    while (at + 8 <= to) {
      if (++boxes > MAX_BOXES) {
        throw new UnreadableException(FindingCode.CORRUPT, "more than " + MAX_BOXES + " boxes");
      }
      long size = bytes.getInt(at) & 0xFFFFFFFFL;
      int header = 8;
      if (size == 1) {
        if (at + 16 > to) {
          break;
        }
        size = bytes.getLong(at + 8);
        header = 16;
      } else if (size == 0) {
        size = (long) to - at;
      }
      if (size < header) {
        throw new UnreadableException(FindingCode.CORRUPT, "a box of " + size + " bytes");
      }
      if (size > to - at) {
        if (depth > 0) {
          throw new UnreadableException(
              FindingCode.CORRUPT, "a box of " + size + " bytes goes beyond the one around it");
        }
        cut = true;
        size = (long) to - at;
      }
      int end = at + (int) size;
      box(bytes.getInt(at + 4), at + header, end, depth, track);
      at = end;
    }
  }

  private void box(int type, int at, int end, int depth, @Nullable Track track)
      throws UnreadableException {
    switch (name(type)) {
      case "moov", "mdia", "minf", "stbl" -> walk(at, end, depth + 1, track);
      case "moof", "mvex" -> fragmented = true;
      case "trak" -> {
        Track inner = new Track();
        tracks.add(inner);
        walk(at, end, depth + 1, inner);
      }
      default -> {
        if (track != null) {
          trackBox(name(type), at, end, track);
        }
      }
    }
  }

  private void trackBox(String type, int at, int end, Track track) throws UnreadableException {
    switch (type) {
      case "hdlr" -> track.sound = name(bytes.getInt(at + 8)).equals("soun");
      case "mdhd" -> {
        boolean wide = bytes.get(at) == 1;
        track.timescale = bytes.getInt(at + (wide ? 20 : 12)) & 0xFFFFFFFFL;
        track.durationUnits = wide ? bytes.getLong(at + 24) : bytes.getInt(at + 16) & 0xFFFFFFFFL;
      }
      case "stsd" -> description(at + 8, end, track);
      case "stsz" -> {
        track.sizesAt = at + 4;
        track.sizesEnd = end;
      }
      case "stco", "co64" -> {
        track.chunksAt = at + 4;
        track.chunksEnd = end;
        track.wideChunks = type.equals("co64");
      }
      case "stsc" -> {
        track.chunkRunsAt = at + 4;
        track.chunkRunsEnd = end;
      }
      default -> {}
    }
  }

  /** The first entry of the sample description: codec and the decoder's set-up. */
  private void description(int at, int end, Track track) throws UnreadableException {
    track.codec = name(bytes.getInt(at + 4));
    int version = bytes.getShort(at + 16);
    int inner = at + 36 + (version == 1 ? 16 : version == 2 ? 36 : 0);
    while (inner + 8 <= end) {
      int size = bytes.getInt(inner);
      if (size < 8 || size > end - inner) {
        return;
      }
      String type = name(bytes.getInt(inner + 4));
      if (type.equals("wave")) {
        inner += 8;
        continue;
      }
      if (type.equals("esds")) {
        track.decoderConfig = decoderConfig(inner + 12, inner + size);
      }
      inner += size;
    }
  }

  /** The DecoderSpecificInfo inside nested descriptors (ISO/IEC 14496-1, 7.2.6). */
  private byte @Nullable [] decoderConfig(int from, int to) {
    int at = from;
    while (at + 2 <= to) {
      final int tag = bytes.get(at++);
      int length = 0;
      for (int i = 0; i < 4 && at < to; i++) {
        int b = bytes.get(at++);
        length = (length << 7) | (b & 0x7F);
        if (b >= 0) {
          break;
        }
      }
      switch (tag) {
        case 3 -> {
          int flags = bytes.get(at + 2);
          at += 3 + ((flags & 0x80) != 0 ? 2 : 0) + ((flags & 0x20) != 0 ? 2 : 0);
          if ((flags & 0x40) != 0) {
            at += 1 + (bytes.get(at) & 0xFF);
          }
        }
        case 4 -> at += 13;
        case 5 -> {
          int end = Math.min(to, at + length);
          return Arrays.copyOfRange(file, at, end);
        }
        default -> at += length;
      }
    }
    return null;
  }

  private DecodedFile decode(Limits limits) throws UnreadableException {
    Track track = null;
    for (Track candidate : tracks) {
      if (candidate.sound) {
        track = candidate;
        break;
      }
    }
    if (track == null) {
      throw new UnreadableException(
          cut ? FindingCode.TRUNCATED : FindingCode.EMPTY, "no sound track in the file");
    }
    if (!track.codec.equals("mp4a") || track.decoderConfig == null) {
      throw new UnreadableException(FindingCode.UNSUPPORTED_CODEC, "codec " + track.codec);
    }
    if (track.sizesAt < 0 || track.chunksAt < 0 || track.chunkRunsAt < 0) {
      throw new UnreadableException(FindingCode.CORRUPT, "a table is missing");
    }
    int constantSize = bytes.getInt(track.sizesAt);
    long frames = bytes.getInt(track.sizesAt + 4) & 0xFFFFFFFFL;
    if (frames == 0) {
      throw fragmented
          ? new UnreadableException(FindingCode.UNSUPPORTED_CODEC, "a fragmented MP4")
          : new UnreadableException(FindingCode.EMPTY, "no frames");
    }
    if (constantSize == 0 && frames > (track.sizesEnd - track.sizesAt - 8) / 4) {
      throw new UnreadableException(FindingCode.CORRUPT, frames + " frames announced");
    }
    SampleSink sink = new SampleSink(limits);
    AacFrames decoder = new AacFrames(track.decoderConfig, sink);
    boolean complete = read(track, constantSize, frames, decoder, sink);
    if (cut || !complete) {
      throw new UnreadableException(FindingCode.TRUNCATED, "the frames go beyond the file");
    }
    if (decoder.good == 0) {
      throw new UnreadableException(FindingCode.CORRUPT, "no frame could be decoded");
    }
    Sound sound = sink.sound();
    long claimedMs =
        track.timescale > 0 && track.durationUnits >= 0
            ? (long) (track.durationUnits * 1000.0 / track.timescale)
            : 0;
    // The header's word counts only where decoding stopped early, and not beyond reason.
    long durationMs =
        sink.wantsMore() ? sound.durationMs() : Math.max(sound.durationMs(), claimedMs);
    return new DecodedFile(
        "aac",
        16,
        sound.rateHz,
        channels(track.decoderConfig, decoder.channels),
        durationMs,
        sound,
        decoder.bad > decoder.good / 50 ? List.of(FindingCode.DAMAGED_FRAMES) : List.of());
  }

  /** As the set-up says (ISO/IEC 14496-3, 1.6.2.1): the library makes two of one. */
  private static int channels(byte[] config, int decoded) {
    int said = config.length < 2 ? 0 : config[1] >> 3 & 15;
    return said == 0 ? decoded : said;
  }

  /**
   * Frame after frame, chunk after chunk.
   *
   * @return false if a frame lies beyond the file
   */
  private boolean read(
      Track track, int constantSize, long frames, AacFrames decoder, SampleSink sink)
      throws UnreadableException {
    int entry = track.wideChunks ? 8 : 4;
    long chunks =
        Math.min(
            bytes.getInt(track.chunksAt) & 0xFFFFFFFFL,
            (track.chunksEnd - track.chunksAt - 4) / entry);
    long runs =
        Math.min(
            bytes.getInt(track.chunkRunsAt) & 0xFFFFFFFFL,
            (track.chunkRunsEnd - track.chunkRunsAt - 4) / 12);
    if (runs == 0) {
      throw new UnreadableException(FindingCode.CORRUPT, "no chunks");
    }
    int run = 0;
    long frame = 0;
    for (int chunk = 0; chunk < chunks && frame < frames; chunk++) {
      while (run + 1 < runs && chunk + 1 >= bytes.getInt(track.chunkRunsAt + 4 + 12 * (run + 1))) {
        run++;
      }
      long inChunk = bytes.getInt(track.chunkRunsAt + 4 + 12 * run + 4) & 0xFFFFFFFFL;
      int offsetAt = track.chunksAt + 4 + entry * chunk;
      long at = track.wideChunks ? bytes.getLong(offsetAt) : bytes.getInt(offsetAt) & 0xFFFFFFFFL;
      for (long i = 0; i < inChunk && frame < frames; i++, frame++) {
        if (!sink.wantsMore() || decoder.bad >= MAX_BAD_FRAMES) {
          return true;
        }
        long size =
            constantSize != 0 ? constantSize : bytes.getInt(track.sizesAt + 8 + 4 * (int) frame);
        if (at < 0 || size < 0 || at + size > file.length) {
          return false;
        }
        if (size > MAX_FRAME_BYTES) {
          throw new UnreadableException(FindingCode.CORRUPT, "a frame of " + size + " bytes");
        }
        decoder.decode(Arrays.copyOfRange(file, (int) at, (int) (at + size)));
        at += size;
      }
    }
    return frame == frames;
  }

  private static String name(int type) {
    char[] name = new char[4];
    for (int i = 0; i < 4; i++) {
      name[i] = (char) (type >>> (24 - 8 * i) & 0xFF);
    }
    return new String(name);
  }

  /** Gives frames to the library, and its first channel to the sink. */
  private static final class AacFrames {
    private final Decoder decoder;
    private final SampleSink sink;
    int good;
    int bad;
    int channels = 1;

    AacFrames(byte[] config, SampleSink sink) throws UnreadableException {
      this.sink = sink;
      try {
        decoder = Decoder.create(config);
      } catch (MP4Exception | RuntimeException e) {
        throw new UnreadableException(FindingCode.UNSUPPORTED_CODEC, "this kind of AAC");
      }
    }

    void decode(byte[] frame) {
      try {
        decoder.decodeFrame(
            frame,
            (channelsOut, length, rateHz) -> {
              channels = channelsOut.size();
              float[] first = channelsOut.get(0);
              for (int i = 0; i < length; i++) {
                sink.add(rateHz, Mono.toShort(first[i] / 32768));
              }
            });
        good++;
      } catch (RuntimeException e) {
        // A damaged frame; the next may be well.
        bad++;
      }
    }
  }
}
