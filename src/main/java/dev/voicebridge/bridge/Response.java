package dev.voicebridge.bridge;

import dev.voicebridge.audio.AudioClock;
import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.WavHeader;
import dev.voicebridge.upstream.SpeechSettings;
import dev.voicebridge.upstream.UpstreamListener.Word;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A response that speaks: what the client was told of it, and its audio so far. */
final class Response {
  final String id;
  final String itemId;
  final SpeechSettings settings;

  /** As the client knows it. */
  final String voice;

  /** How the service calls its part of it; null: not known. */
  final @Nullable String vendorRequest;

  final Timings timings;

  /** Where its text begins in the turn, UTF-16 units. */
  final int textFrom;

  final List<Word> words = new ArrayList<>();
  private final AudioClock clock;
  private final boolean linear;

  /** The first half of a sample whose second half has not come; −1: none. */
  private int half = -1;

  private boolean headerDue;
  private long linearBytes;
  private long encodedBytes;

  /** Audio of the parts before, ms. */
  private long partFromMs;

  /** Where in its text a word of a later part is looked for. */
  private int wordsTo;

  private boolean laterPart;

  Response(
      String id,
      String itemId,
      SpeechSettings settings,
      String voice,
      @Nullable String vendorRequest,
      Timings timings,
      int textFrom) {
    this.id = id;
    this.itemId = itemId;
    this.settings = settings;
    this.voice = voice;
    this.vendorRequest = vendorRequest;
    this.timings = timings;
    this.textFrom = textFrom;
    this.linear = settings.serviceFormat().isLinear();
    this.clock = AudioClock.of(settings.serviceFormat(), settings.sampleRateHz());
    this.headerDue = settings.format() == AudioFormat.WAV;
  }

  /**
   * The next bytes as the client should have them: whole samples, and the header first.
   *
   * @return perhaps empty, when only half a sample came
   */
  Buffer shape(Buffer audio) {
    Buffer shaped = audio;
    if (linear && (half >= 0 || (audio.length() & 1) != 0)) {
      shaped = wholeSamples(audio);
    }
    if (linear) {
      // No copy on the path that nearly every session takes.
      linearBytes += shaped.length();
    } else {
      byte[] bytes = shaped.getBytes();
      encodedBytes += bytes.length;
      clock.add(bytes, 0, bytes.length);
    }
    if (headerDue && shaped.length() > 0) {
      headerDue = false;
      shaped = Buffer.buffer(WavHeader.streaming(settings.sampleRateHz())).appendBuffer(shaped);
    }
    return shaped;
  }

  private Buffer wholeSamples(Buffer audio) {
    Buffer joined = audio;
    if (half >= 0) {
      joined = Buffer.buffer(audio.length() + 1).appendByte((byte) half).appendBuffer(audio);
      half = -1;
    }
    if ((joined.length() & 1) != 0) {
      half = joined.getByte(joined.length() - 1) & 0xff;
      joined = joined.getBuffer(0, joined.length() - 1);
    }
    return joined;
  }

  /** The service calls it the end of a response, though it is only a part of this one. */
  void partOver() {
    laterPart = true;
    partFromMs = audioMs();
  }

  /**
   * Keeps words of the part that is spoken.
   *
   * @param text of the whole response
   * @return the same words, where they are in the whole response
   */
  List<Word> place(List<Word> heard, String text) {
    List<Word> placed = new ArrayList<>();
    for (Word word : heard) {
      Word at = laterPart ? later(word, text) : word;
      wordsTo = at.endIndex();
      placed.add(at);
    }
    words.addAll(placed);
    return placed;
  }

  private Word later(Word word, String text) {
    int found = text.indexOf(word.text(), Math.min(wordsTo, text.length()));
    int begin = found < 0 ? wordsTo : found;
    return new Word(
        word.text(),
        begin,
        found < 0 ? begin : begin + word.text().length(),
        (int) (partFromMs + word.beginMs()),
        (int) (partFromMs + word.endMs()));
  }

  /** Whether the service gave anything for it, whatever it may be worth. */
  boolean hasAudio() {
    return linear ? linearBytes > 0 : encodedBytes > 0;
  }

  /** Whether an odd last byte is left over, to be dropped. */
  boolean hasHalfSample() {
    return half >= 0;
  }

  long audioMicros() {
    return linear ? linearBytes * 500_000 / settings.sampleRateHz() : clock.durationMicros();
  }

  long audioMs() {
    return audioMicros() / 1000;
  }
}
