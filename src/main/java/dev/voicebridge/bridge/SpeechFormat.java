package dev.voicebridge.bridge;

import dev.voicebridge.audio.AudioEncoder;
import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Encoders;
import dev.voicebridge.audio.FlacEncoder;
import dev.voicebridge.audio.G711Encoder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a speech request may be answered in. Always mono. */
public enum SpeechFormat {
  MP3("audio/mpeg", 0, true),
  /** In Ogg. */
  OPUS("audio/ogg", 0, true),
  FLAC("audio/flac", 0, true),
  /** Behind a header whose sizes are open. */
  WAV("audio/wav", 0, false),
  /** 16-bit little-endian samples. */
  PCM("audio/pcm", 24_000, false),
  ULAW("audio/PCMU;rate=8000", 8_000, false),
  ALAW("audio/PCMA;rate=8000", 8_000, false);

  /** What may be asked for, hertz: the rates of MP3, which the others have too. */
  public static final Set<Integer> RATES =
      Set.of(8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000);

  private final String mediaType;
  private final int rateHz;
  private final boolean codec;

  SpeechFormat(String mediaType, int rateHz, boolean codec) {
    this.mediaType = mediaType;
    this.rateHz = rateHz;
    this.codec = codec;
  }

  String mediaType() {
    return mediaType;
  }

  /** Whether it can be had at that rate, one of {@link #RATES}. */
  boolean takesRate(int hz) {
    return switch (this) {
      case MP3, FLAC, WAV, PCM -> true;
      case OPUS -> hz == 48_000;
      case ULAW, ALAW -> hz == rateHz;
    };
  }

  /** The sample rate that it has where none is asked for; 0: the model's. */
  int rateHz() {
    return rateHz;
  }

  /** Whether encoding it takes so long that an event loop should not. */
  boolean isCodec() {
    return codec;
  }

  AudioEncoder encoder(int sampleRateHz) {
    return switch (this) {
      case MP3 -> Encoders.of(AudioFormat.MP3, sampleRateHz, null);
      case OPUS -> Encoders.of(AudioFormat.OPUS, sampleRateHz, null);
      case FLAC -> new FlacEncoder(sampleRateHz);
      case WAV -> Encoders.of(AudioFormat.WAV, sampleRateHz, null);
      case PCM -> Encoders.of(AudioFormat.PCM, sampleRateHz, null);
      case ULAW -> G711Encoder.ulaw();
      case ALAW -> G711Encoder.alaw();
    };
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All wire names, the usual first. */
  public static List<String> wireNames() {
    return Arrays.stream(values()).map(SpeechFormat::wireName).toList();
  }

  /**
   * @return null when there is none of that name
   */
  public static @Nullable SpeechFormat parse(String name) {
    return switch (name) {
      case "mulaw", "g711_ulaw", "pcmu" -> ULAW;
      case "g711_alaw", "pcma" -> ALAW;
      default ->
          Arrays.stream(values())
              .filter(format -> format.wireName().equals(name))
              .findFirst()
              .orElse(null);
    };
  }
}
