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
