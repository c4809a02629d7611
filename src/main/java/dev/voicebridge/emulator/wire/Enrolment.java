package dev.voicebridge.emulator.wire;

import dev.voicebridge.audio.AudioEncoder;
import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Encoders;
import dev.voicebridge.audio.WavHeader;
import dev.voicebridge.emulator.engine.SpeechEngine.Utterance;
import dev.voicebridge.emulator.engine.VoiceTraits;
import dev.voicebridge.emulator.library.SampleCheck;
import dev.voicebridge.emulator.library.SampleException;
import dev.voicebridge.emulator.library.SampleFetch;
import dev.voicebridge.emulator.library.SampleRules;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What cloning and designing need, whichever the API. Event loop only. */
final class Enrolment {
  /**
   * One call of the customization API.
   *
   * @param undeploy a fault has the voice end as unusable
   * @param resolve whether {@code oss://} may be used
   * @param uploadHost where the storage is, as the caller reaches it
   */
  record Order(
      Guest guest,
      String action,
      JsonObject input,
      JsonObject parameters,
      boolean undeploy,
      boolean resolve,
      String uploadHost) {

    /**
     * @throws WireError when it is missing, empty or no string
     */
    String required(String name) {
      String value = Json.text(input, name);
      if (value == null || value.isEmpty()) {
        throw new WireError(
            "InvalidParameter", "Required parameter(" + name + ") missing or invalid.", name);
      }
      return value;
    }
  }

  /** The answer's {@code output} and {@code usage.count}. */
  record Reply(JsonObject output, int count) {}

  private static final ZoneId VENDORS_ZONE = ZoneId.of("Asia/Shanghai");
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(VENDORS_ZONE);
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(VENDORS_ZONE);
  private static final Set<String> MEDIA_TYPES =
      Set.of(
          "audio/wav",
          "audio/x-wav",
          "audio/wave",
          "audio/mpeg",
          "audio/mp3",
          "audio/mp4",
          "audio/m4a",
          "audio/x-m4a");
  private static final Map<String, String> LANGUAGE_TYPES =
      Map.of(
          "zh", "Chinese",
          "en", "English",
          "de", "German",
          "it", "Italian",
          "pt", "Portuguese",
          "es", "Spanish",
          "ja", "Japanese",
          "ko", "Korean",
          "fr", "French",
          "ru", "Russian");
  private static final String OSS = "oss://";
  private static final int MOST_PAGE_SIZE = 1000;

  private final SecureRandom random = new SecureRandom();
  private final SampleFetch fetch;
  private final Uploads uploads;

  Enrolment(SampleFetch fetch, Uploads uploads) {
    this.fetch = fetch;
    this.uploads = uploads;
  }

  /**
   * A clone's traits, of the sample at the URL.
   *
   * @param model which API reads the file
   */
  Future<VoiceTraits> listen(
      Order order, String url, String model, SampleRules rules, String language) {
    return bytes(order, url, model)
        .compose(bytes -> order.guest().narrator().compute(() -> SampleCheck.check(bytes, rules)))
        .map(heard -> VoiceTraits.ofPitch(heard.pitchHz(), language));
  }

  private Future<byte[]> bytes(Order order, String url, String model) {
    if (url.startsWith(OSS)) {
      if (!order.resolve()) {
        throw WireError.invalid("The provided URL does not appear to be valid: " + url);
      }
      Buffer stored = uploads.find(order.guest().account(), model, url.substring(OSS.length()));
      return stored == null
          ? Future.failedFuture(
              new SampleException(
                  "BadRequest.InputDownloadFailed",
                  "Failed to download the input file: no such object."))
          : Future.succeededFuture(stored.getBytes());
    }
    if (url.startsWith("data:")) {
      return Future.succeededFuture(dataUri(url));
    }
    if (!url.startsWith("http://") && !url.startsWith("https://")) {
      throw WireError.invalid("The provided URL does not appear to be valid: " + url);
    }
    return fetch.fetch(url);
  }

  private static byte[] dataUri(String uri) {
    int comma = uri.indexOf(',');
    int semicolon = uri.indexOf(';');
    if (comma < 0 || semicolon < 0 || semicolon > comma || !uri.startsWith(";base64", comma - 7)) {
      throw WireError.invalid("audio.data must be a base64 data URI or a URL.");
    }
    if (!MEDIA_TYPES.contains(uri.substring(5, semicolon).toLowerCase(Locale.ROOT))) {
      throw new SampleException("BadRequest.UnsupportedFileFormat", "File format unsupported.");
    }
    if (uri.length() >= SampleRules.MOST_BYTES) {
      throw new SampleException("Audio.FileSizeExceed", "File too large");
    }
    try {
      return Base64.getDecoder().decode(uri.substring(comma + 1));
    } catch (IllegalArgumentException e) {
      throw WireError.invalid("audio.data is no valid base64.");
    }
  }

  /** The {@code resource_link} of a sample. */
  String link(Order order, String url) {
    return url.startsWith(OSS)
        ? uploads.link(order.uploadHost(), url.substring(OSS.length()))
        : url;
  }

  /**
   * A design's {@code preview_audio}: what a voice of that id will sound like.
   *
   * @throws WireError when the parameters ask for what isn't there
   */
  Future<JsonObject> preview(
      Order order,
      String id,
      String text,
      VoiceTraits traits,
      Set<Integer> rates,
      Set<AudioFormat> formats) {
    int rate = Json.whole(order.parameters(), "sample_rate", 24_000, 1, 192_000);
    String name = Json.text(order.parameters(), "response_format");
    AudioFormat format = name == null ? AudioFormat.WAV : AudioFormat.parse(name);
    if (!rates.contains(rate)) {
      throw WireError.invalid("sample_rate is not supported.");
    }
    if (format == null || !formats.contains(format)) {
      throw WireError.invalid("response_format is not supported.");
    }
    String language = LANGUAGE_TYPES.getOrDefault(traits.language(), "Auto");
    Narrator narrator = order.guest().narrator();
    return narrator
        .samples(new Utterance(text, id, language, 1, 1, 50, rate, traits))
        .compose(samples -> narrator.compute(() -> file(samples, rate, format)))
        .map(
            bytes ->
                new JsonObject()
                    .put("data", Base64.getEncoder().encodeToString(bytes))
                    .put("sample_rate", rate)
                    .put("response_format", format.wireName()));
  }

  private static byte[] file(short[] samples, int rate, AudioFormat format) {
    boolean wav = format == AudioFormat.WAV;
    AudioEncoder encoder = Encoders.of(wav ? AudioFormat.PCM : format, rate, null);
    Buffer all = Buffer.buffer();
    if (wav) {
      all.appendBytes(WavHeader.of(rate, 2 * samples.length));
    }
    return all.appendBytes(encoder.encode(samples, 0, samples.length))
        .appendBytes(encoder.finish())
        .getBytes();
  }

  /**
   * @throws WireError when another voice would be too many
   */
  static void checkRoom(Guest guest, String family) {
    if (guest.library().isFull(guest.account(), family)) {
      throw new WireError(
          "Throttling.AllocationQuota",
          "Allocated quota exceeded, please increase your quota limit.");
    }
  }

  static int pageIndex(JsonObject input) {
    return Json.whole(input, "page_index", 0, 0, Integer.MAX_VALUE);
  }

  static int pageSize(JsonObject input) {
    return Json.whole(input, "page_size", 10, 1, MOST_PAGE_SIZE);
  }

  String hex(int digits) {
    byte[] bytes = new byte[(digits + 1) / 2];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes).substring(0, digits);
  }

  static String seconds(long millis) {
    return SECONDS.format(Instant.ofEpochMilli(millis));
  }

  static String millis(long millis) {
    return MILLIS.format(Instant.ofEpochMilli(millis));
  }
}
