package dev.voicebridge.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * What is spoken, known to both ends, so that a listener can verify every byte: noise at 24 kHz in
 * a cycle of chunks, and the delta events that carry them.
 */
final class Speech {
  static final int BYTES_PER_SECOND = 48_000;
  private static final int CYCLE = 16;

  /** How a service may write a delta event. */
  enum Shape {
    /** The order of the vendor's documentation, no blanks, the audio last. */
    STANDARD,
    /** The same with a blank after every colon and comma, as Python's encoder writes. */
    BLANKS,
    /** The audio in the middle, two fields that nobody knows. */
    MIXED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final int chunkMs;
  private final List<ByteBuf> pcm = new ArrayList<>();
  private final Map<Shape, List<ByteBuf>> events = new EnumMap<>(Shape.class);

  Speech(int chunkMs) {
    this.chunkMs = chunkMs;
    Random random = new Random(42);
    for (int i = 0; i < CYCLE; i++) {
      byte[] chunk = new byte[chunkBytes()];
      random.nextBytes(chunk);
      pcm.add(direct(chunk));
      String base64 = Base64.getEncoder().encodeToString(chunk);
      for (Shape shape : Shape.values()) {
        byte[] event = event(shape, i, base64).getBytes(StandardCharsets.US_ASCII);
        events.computeIfAbsent(shape, s -> new ArrayList<>()).add(direct(event));
      }
    }
  }

  private static ByteBuf direct(byte[] bytes) {
    return Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length).writeBytes(bytes));
  }

  private static String event(Shape shape, int number, String base64) {
    String id = String.format(Locale.ROOT, "%032x", number);
    String head = "\"event_id\":\"event_" + id + "\",\"type\":\"response.audio.delta\"";
    String ids =
        "\"response_id\":\"resp_"
            + id
            + "\",\"item_id\":\"item_"
            + id
            + "\",\"output_index\":0,\"content_index\":0";
    String delta = "\"delta\":\"" + base64 + "\"";
    return switch (shape) {
      case STANDARD -> "{" + head + "," + ids + "," + delta + "}";
      case BLANKS ->
          ("{" + head + "," + ids + "," + delta + "}").replace("\":", "\": ").replace(",", ", ");
      case MIXED ->
          "{" + head + "," + delta + "," + ids + ",\"sequence\":7,\"trace\":\"" + id + "\"}";
    };
  }

  int chunkMs() {
    return chunkMs;
  }

  int chunkBytes() {
    return BYTES_PER_SECOND / 1000 * chunkMs;
  }

  /** The samples of the nth chunk of a response; a duplicate nobody needs to release. */
  ByteBuf pcm(int n) {
    return pcm.get(n % CYCLE).duplicate();
  }

  /** The event that carries {@link #pcm} n. */
  ByteBuf event(Shape shape, int n) {
    return events.get(shape).get(n % CYCLE).duplicate();
  }

  /**
   * An order to the synthetic service, as a text that is spoken.
   *
   * @param chunks how many deltas
   * @param everyMicros time from one to the next; 0: as fast as they go
   */
  record Order(Shape shape, int chunks, int everyMicros) {
    String text() {
      return shape + " " + chunks + " " + everyMicros;
    }

    static Order parse(String text) {
      String[] words = text.split(" ", -1);
      return new Order(
          Shape.valueOf(words[0].toUpperCase(Locale.ROOT)),
          Integer.parseInt(words[1]),
          Integer.parseInt(words[2]));
    }
  }
}
