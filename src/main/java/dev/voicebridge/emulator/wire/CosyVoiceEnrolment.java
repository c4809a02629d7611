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
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code voice-enrollment}: clones, which take a while to be ready, and designs, which don't. */
final class CosyVoiceEnrolment {
  static final String MODEL = "voice-enrollment";

  private static final Pattern TARGETS =
      Pattern.compile(
          "cosyvoice-(v1|v2|v3-plus|v3-flash|v3\\.5-plus|v3\\.5-flash)|qwen-audio-3\\.\\d-tts-.+");
  private static final Pattern DESIGN_TARGETS = Pattern.compile("cosyvoice-v3(\\.5)?-(plus|flash)");
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9]{1,10}");
  private static final Set<String> LANGUAGES = Set.of("zh", "en", "fr", "de", "ja", "ko", "ru");
  private static final Set<String> MORE_LANGUAGES = Set.of("pt", "th", "id", "vi");
  private static final int LONGEST_PROMPT = 500;
  private static final int SHORTEST_PREVIEW = 15;
  private static final int LONGEST_PREVIEW = 200;

  private final Enrolment enrolment;

  CosyVoiceEnrolment(Enrolment enrolment) {
    this.enrolment = enrolment;
  }

  /** Fails with, or throws, a {@link WireError} or a sample's error. */
  Future<Enrolment.Reply> act(Enrolment.Order order) {
    return switch (order.action()) {
      case "create_voice" -> create(order);
      case "list_voice" -> list(order);
      case "query_voice" -> query(order);
      case "update_voice" -> update(order);
      case "delete_voice" -> delete(order);
      default -> throw WireError.invalid("action is not supported: " + order.action());
    };
  }

  private Future<Enrolment.Reply> create(Enrolment.Order order) {
    JsonObject input = order.input();
    String target = order.required("target_model");
    if (!TARGETS.matcher(target).matches()) {
      throw new WireError(
          "InvalidParameter", "target_model is not supported: " + target, "target_model");
    }
    String prefix = order.required("prefix");
    if (!PREFIX.matcher(prefix).matches()) {
      throw new WireError(
          "InvalidParameter", "prefix should be letters and digits, 10 at most.", "prefix");
    }
    Enrolment.checkRoom(order.guest(), Kind.COSYVOICE_CLONE.family());
    if (input.getValue("voice_prompt") == null) {
      return clone(order, target, prefix);
    }
    if (input.getValue("url") != null) {
      throw WireError.invalid("Only one of url and voice_prompt may be set.");
    }
    return design(order, target, prefix);
  }

  private Future<Enrolment.Reply> clone(Enrolment.Order order, String target, String prefix) {
    String url = order.required("url");
    String language = language(order.input(), target);
    checkOptions(order.input());
    return enrolment
        .listen(order, url, MODEL, SampleRules.COSYVOICE, language)
        .compose(
            traits -> {
              Enrolment.checkRoom(order.guest(), Kind.COSYVOICE_CLONE.family());
              long now = System.currentTimeMillis();
              String id = target + "-" + prefix + "-" + enrolment.hex(32);
              return order
                  .guest()
                  .library()
                  .put(
                      new CustomVoice(
                          id,
                          order.guest().account(),
                          Kind.COSYVOICE_CLONE,
                          target,
                          prefix,
                          language,
                          now,
                          now + order.guest().settings().deploy().toMillis(),
                          order.undeploy(),
                          enrolment.link(order, url),
                          "",
                          "",
                          traits))
                  .map(kept -> new Enrolment.Reply(new JsonObject().put("voice_id", id), 1));
            });
  }

  private Future<Enrolment.Reply> design(Enrolment.Order order, String target, String prefix) {
    if (!DESIGN_TARGETS.matcher(target).matches()) {
      throw new WireError(
          "InvalidParameter", "Voice design is not supported by " + target, "target_model");
    }
    String prompt = order.required("voice_prompt");
    String preview = order.required("preview_text");
    if (TextCount.plain(prompt) > LONGEST_PROMPT) {
      throw WireError.invalid("voice_prompt should not be longer than 500 characters");
    }
    if (TextCount.plain(preview) < SHORTEST_PREVIEW) {
      throw WireError.invalid("preview_text should not be shorter than 15 characters");
    }
    if (TextCount.plain(preview) > LONGEST_PREVIEW) {
      throw WireError.invalid("preview_text should not be longer than 200 characters");
    }
    String language = language(order.input(), target);
    if (!language.equals("zh") && !language.equals("en")) {
      throw WireError.invalid("language_hints should be zh or en.");
    }
    VoiceTraits traits = Description.traits(prompt, language);
    String id = target + "-vd-" + prefix + "-" + enrolment.hex(32);
    return enrolment
        .preview(
            order,
            id,
            preview,
            traits,
            Set.of(16_000, 24_000, 48_000),
            Set.of(AudioFormat.PCM, AudioFormat.WAV, AudioFormat.MP3))
        .compose(
            audio -> {
              Enrolment.checkRoom(order.guest(), Kind.COSYVOICE_DESIGN.family());
              long now = System.currentTimeMillis();
              return order
                  .guest()
                  .library()
                  .put(
                      new CustomVoice(
                          id,
                          order.guest().account(),
                          Kind.COSYVOICE_DESIGN,
                          target,
                          prefix,
                          language,
                          now,
                          now,
                          order.undeploy(),
                          null,
                          prompt,
                          preview,
                          traits))
                  .map(
                      kept ->
                          new Enrolment.Reply(
                              new JsonObject()
                                  .put("preview_audio", audio)
                                  .put("target_model", target)
                                  .put("voice_id", id),
                              1));
            });
  }

  private static Future<Enrolment.Reply> list(Enrolment.Order order) {
    String prefix = Json.text(order.input(), "prefix");
    int page = Enrolment.pageIndex(order.input());
    int size = Enrolment.pageSize(order.input());
    List<CustomVoice> all =
        order
            .guest()
            .library()
            .list(
                order.guest().account(),
                voice ->
                    voice.kind().family().equals(Kind.COSYVOICE_CLONE.family())
                        && (prefix == null || prefix.isEmpty() || voice.name().equals(prefix)));
    JsonArray listed = new JsonArray();
    all.stream()
        .skip((long) page * size)
        .limit(size)
        .forEach(
            voice -> listed.add(described(voice, new JsonObject().put("voice_id", voice.id()))));
    return Future.succeededFuture(
        new Enrolment.Reply(new JsonObject().put("voice_list", listed), 1));
  }

  private static JsonObject described(CustomVoice voice, JsonObject to) {
    long now = System.currentTimeMillis();
    to.put("gmt_create", Enrolment.seconds(voice.createdAt()))
        .put("gmt_modified", Enrolment.seconds(voice.modifiedAt(now)))
        .put("target_model", voice.targetModel())
        .put("status", voice.status(now));
    if (voice.kind() == Kind.COSYVOICE_DESIGN) {
      to.put("voice_prompt", voice.prompt()).put("preview_text", voice.preview());
    }
    return to;
  }

  private static Future<Enrolment.Reply> query(Enrolment.Order order) {
    CustomVoice voice = existing(order);
    JsonObject output = described(voice, new JsonObject());
    if (voice.kind() == Kind.COSYVOICE_DESIGN) {
      output.put("voice_id", voice.id());
    }
    if (voice.link() != null) {
      output.put("resource_link", voice.link());
    } else if (order.guest().settings().designLinks()) {
      output.put("resource_link", "");
    }
    return Future.succeededFuture(new Enrolment.Reply(output, 1));
  }

  private Future<Enrolment.Reply> update(Enrolment.Order order) {
    CustomVoice old = existing(order);
    String url = order.required("url");
    if (old.kind() != Kind.COSYVOICE_CLONE) {
      throw WireError.invalid("Only cloned voices can be updated.");
    }
    return enrolment
        .listen(order, url, MODEL, SampleRules.COSYVOICE, old.language())
        .compose(
            traits -> {
              CustomVoice now = existing(order); // it may be gone by now
              return order
                  .guest()
                  .library()
                  .put(
                      new CustomVoice(
                          now.id(),
                          now.account(),
                          now.kind(),
                          now.targetModel(),
                          now.name(),
                          now.language(),
                          now.createdAt(),
                          System.currentTimeMillis() + order.guest().settings().deploy().toMillis(),
                          order.undeploy(),
                          enrolment.link(order, url),
                          "",
                          "",
                          traits));
            })
        .map(kept -> new Enrolment.Reply(new JsonObject(), 1));
  }

  private static Future<Enrolment.Reply> delete(Enrolment.Order order) {
    return order
        .guest()
        .library()
        .remove(existing(order).id())
        .map(gone -> new Enrolment.Reply(new JsonObject(), 1));
  }

  private static CustomVoice existing(Enrolment.Order order) {
    String id = order.required("voice_id");
    CustomVoice voice = order.guest().library().find(order.guest().account(), id);
    if (voice == null || !voice.kind().family().equals(Kind.COSYVOICE_CLONE.family())) {
      throw order.guest().settings().oldErrors()
          ? new WireError("BadRequest.ResourceNotExist", "The Required resource not exist.")
          : new WireError("BadRequest.VoiceNotFound", "Voice '" + id + "' not found.");
    }
    return voice;
  }

  /** The first hint counts; models before v3 take none and ignore it. */
  private static String language(JsonObject input, String target) {
    Object hints = input.getValue("language_hints");
    if (hints == null || target.startsWith("cosyvoice-v1") || target.startsWith("cosyvoice-v2")) {
      return "zh";
    }
    if (!(hints instanceof JsonArray array)) {
      throw WireError.invalid("language_hints must be an array.");
    }
    if (array.isEmpty()) {
      return "zh";
    }
    if (!(array.getValue(0) instanceof String language)
        || !(LANGUAGES.contains(language)
            || (!target.startsWith("cosyvoice-v3-") && MORE_LANGUAGES.contains(language)))) {
      throw WireError.invalid("language_hints is not supported: " + array.getValue(0));
    }
    return language;
  }

  private static void checkOptions(JsonObject input) {
    double unused = Json.number(input, "max_prompt_audio_length", 10, 3, 30);
    Object preprocess = input.getValue("enable_preprocess");
    if (preprocess != null && !(preprocess instanceof Boolean)) {
      throw WireError.invalid("enable_preprocess must be a boolean.");
    }
  }
}
