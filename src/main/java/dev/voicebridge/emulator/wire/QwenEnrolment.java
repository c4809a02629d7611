package dev.voicebridge.emulator.wire;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.emulator.engine.VoiceTraits;
import dev.voicebridge.emulator.library.CustomVoice;
import dev.voicebridge.emulator.library.CustomVoice.Kind;
import dev.voicebridge.emulator.library.Description;
import dev.voicebridge.emulator.library.SampleRules;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code qwen-voice-enrollment} and {@code qwen-voice-design}: like each other but for what a voice
 * is made of. Ready at once.
 */
final class QwenEnrolment {
  static final String CLONE_MODEL = "qwen-voice-enrollment";
  static final String DESIGN_MODEL = "qwen-voice-design";

  private static final Pattern CLONE_TARGETS =
      Pattern.compile("qwen3-tts-vc(-realtime)?-\\d{4}-\\d{2}-\\d{2}|qwen.*-omni.*");
  private static final Pattern DESIGN_TARGETS =
      Pattern.compile("qwen3-tts-vd(-realtime)?-\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,16}");
  private static final Set<String> LANGUAGES =
      Set.of("zh", "en", "de", "it", "pt", "es", "ja", "ko", "fr", "ru");
  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int LONGEST_PROMPT = 2048;
  private static final int LONGEST_PREVIEW = 1024;

  private final Enrolment enrolment;
  private final Kind kind;

  QwenEnrolment(Enrolment enrolment, Kind kind) {
    this.enrolment = enrolment;
    this.kind = kind;
  }

  /** Fails with, or throws, a {@link WireError} or a sample's error. */
  Future<Enrolment.Reply> act(Enrolment.Order order) {
    boolean design = kind == Kind.QWEN_DESIGN;
    return switch (order.action()) {
      case "create" -> design ? design(order) : clone(order);
      case "list" -> list(order);
      case "delete" -> delete(order);
      case "query" -> {
        if (!design) {
          throw unsupported(order);
        }
        yield query(order);
      }
      default -> throw unsupported(order);
    };
  }

  private static WireError unsupported(Enrolment.Order order) {
    return WireError.invalid("action is not supported: " + order.action());
  }

  private Future<Enrolment.Reply> clone(Enrolment.Order order) {
    String target = target(order, CLONE_TARGETS);
    String name = name(order);
    String data = Json.text(Json.object(order.input(), "audio"), "data");
    if (data == null || data.isEmpty()) {
      throw new WireError(
          "InvalidParameter", "Required parameter(audio.data) missing or invalid.", "audio");
    }
    String language = language(order);
    Enrolment.checkRoom(order.guest(), kind.family());
    return enrolment
        .listen(order, data, CLONE_MODEL, SampleRules.QWEN, language)
        .compose(traits -> keep(order, "qwen-tts-vc-", target, name, language, "", "", traits))
        .map(
            id ->
                new Enrolment.Reply(
                    new JsonObject().put("voice", id).put("target_model", target), 1));
  }

  private Future<Enrolment.Reply> design(Enrolment.Order order) {
    String target = target(order, DESIGN_TARGETS);
    String name = name(order);
    String prompt = order.required("voice_prompt");
    String preview = order.required("preview_text");
    if (TextCount.plain(prompt) > LONGEST_PROMPT) {
      throw WireError.invalid("voice_prompt should not be longer than 2048 characters");
    }
    if (TextCount.plain(preview) > LONGEST_PREVIEW) {
      throw WireError.invalid("preview_text should not be longer than 1024 characters");
    }
    String language = language(order);
    Enrolment.checkRoom(order.guest(), kind.family());
    VoiceTraits traits = Description.traits(prompt, language);
    String id = id("qwen-tts-vd-", name);
    return enrolment
        .preview(
            order,
            id,
            preview,
            traits,
            Set.of(8000, 16_000, 24_000, 48_000),
            Set.of(AudioFormat.values()))
        .compose(
            audio ->
                keep(order, id, target, name, language, prompt, preview, traits)
                    .map(
                        kept ->
                            new Enrolment.Reply(
                                new JsonObject()
                                    .put("preview_audio", audio)
                                    .put("target_model", target)
                                    .put("voice", kept),
                                1)));
  }

  /**
   * @param idOrStart a whole id, or its beginning, which ends in a hyphen
   */
  private Future<String> keep(
      Enrolment.Order order,
      String idOrStart,
      String target,
      String name,
      String language,
      String prompt,
      String preview,
      VoiceTraits traits) {
    Enrolment.checkRoom(order.guest(), kind.family());
    String id = idOrStart.endsWith("-") ? id(idOrStart, name) : idOrStart;
    long now = System.currentTimeMillis();
    return order
        .guest()
        .library()
        .put(
            new CustomVoice(
                id,
                order.guest().account(),
                kind,
                target,
                name,
                language,
                now,
                now,
                order.undeploy(),
                null,
                prompt,
                preview,
                traits))
        .map(kept -> id);
  }

  private String id(String start, String name) {
    return start + name + "-voice-" + ID_TIME.format(Instant.now()) + "-" + enrolment.hex(4);
  }

  private Future<Enrolment.Reply> list(Enrolment.Order order) {
    int page = Enrolment.pageIndex(order.input());
    int size = Enrolment.pageSize(order.input());
    List<CustomVoice> all =
        order.guest().library().list(order.guest().account(), voice -> voice.kind() == kind);
    JsonArray listed = new JsonArray();
    all.stream().skip((long) page * size).limit(size).forEach(voice -> listed.add(told(voice)));
    return Future.succeededFuture(
        new Enrolment.Reply(
            new JsonObject()
                .put("page_index", page)
                .put("page_size", size)
                .put("total_count", all.size())
                .put("voice_list", listed),
            0));
  }

  private Future<Enrolment.Reply> query(Enrolment.Order order) {
    return Future.succeededFuture(new Enrolment.Reply(told(existing(order)), 0));
  }

  private static JsonObject told(CustomVoice voice) {
    JsonObject told =
        new JsonObject()
            .put("voice", voice.id())
            .put("gmt_create", Enrolment.millis(voice.createdAt()))
            .put("gmt_modified", Enrolment.millis(voice.createdAt()))
            .put("language", voice.language())
            .put("target_model", voice.targetModel());
    if (voice.kind() == Kind.QWEN_DESIGN) {
      told.put("voice_prompt", voice.prompt()).put("preview_text", voice.preview());
    }
    return told;
  }

  private Future<Enrolment.Reply> delete(Enrolment.Order order) {
    String id = existing(order).id();
    return order
        .guest()
        .library()
        .remove(id)
        .map(gone -> new Enrolment.Reply(new JsonObject().put("voice", id), 0));
  }

  private CustomVoice existing(Enrolment.Order order) {
    String id = order.required("voice");
    CustomVoice voice = order.guest().library().find(order.guest().account(), id);
    if (voice == null || voice.kind() != kind) {
      throw order.guest().settings().oldErrors()
          ? new WireError("BadRequest.ResourceNotExist", "The Required resource not exist.")
          : new WireError("BadRequest.VoiceNotFound", "Voice '" + id + "' not found.");
    }
    return voice;
  }

  private static String target(Enrolment.Order order, Pattern known) {
    String target = order.required("target_model");
    if (!known.matcher(target).matches()) {
      throw new WireError(
          "InvalidParameter", "target_model is not supported: " + target, "target_model");
    }
    return target;
  }

  private static String name(Enrolment.Order order) {
    String name = order.required("preferred_name");
    if (!NAME.matcher(name).matches()) {
      throw new WireError(
          "InvalidParameter",
          "preferred_name should be letters, digits and underscores, 16 at most.",
          "preferred_name");
    }
    return name;
  }

  private static String language(Enrolment.Order order) {
    Object language = order.input().getValue("language");
    if (language == null) {
      return "zh";
    }
    if (!(language instanceof String code) || !LANGUAGES.contains(code)) {
      throw new WireError("InvalidParameter", "language is not supported.", "language");
    }
    return code;
  }
}
