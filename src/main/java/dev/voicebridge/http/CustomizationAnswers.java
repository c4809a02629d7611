package dev.voicebridge.http;

import dev.voicebridge.enrolment.Preview;
import dev.voicebridge.library.Made;
import dev.voicebridge.voice.Voice;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** The {@code output} of the customization API's answers, as the vendor writes it. */
final class CustomizationAnswers {
  /** The vendor's clocks show China's time, in every region. */
  private static final ZoneOffset VENDOR_TIME = ZoneOffset.ofHours(8);

  private static final DateTimeFormatter SECONDS = clock("yyyy-MM-dd HH:mm:ss");
  private static final DateTimeFormatter MILLIS = clock("yyyy-MM-dd HH:mm:ss.SSS");

  private CustomizationAnswers() {}

  private static DateTimeFormatter clock(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(VENDOR_TIME);
  }

  private static String time(CustomizationApi api, Instant at) {
    return (api == CustomizationApi.COSYVOICE ? SECONDS : MILLIS).format(at);
  }

  static JsonObject made(CustomizationApi api, Made made) {
    JsonObject output = new JsonObject();
    Preview preview = made.preview();
    if (preview != null) {
      output.put(
          "preview_audio",
          new JsonObject()
              .put("data", Base64.getEncoder().encodeToString(preview.bytes().getBytes()))
              .put("sample_rate", preview.sampleRateHz())
              .put("response_format", preview.format()));
    }
    if (preview != null || api != CustomizationApi.COSYVOICE) {
      output.put("target_model", made.voice().targetModel());
    }
    output.put(api.idField(), id(made.voice()));
    // Such as fallback_mode: what Qwen says beside the voice.
    made.remarks()
        .forEach(
            remark -> {
              if (!output.containsKey(remark.getKey())) {
                output.put(remark.getKey(), remark.getValue());
              }
            });
    return output;
  }

  private static String id(Voice voice) {
    String id = voice.providerVoiceId();
    if (id == null) {
      throw new IllegalStateException("a voice without the vendor's id was given out");
    }
    return id;
  }

  /**
   * @param shown all that the interface shows to the asker
   */
  static JsonObject list(CustomizationApi api, List<Voice> shown, int pageIndex, int pageSize) {
    JsonArray items = new JsonArray();
    shown.stream()
        .skip((long) pageIndex * pageSize)
        .limit(pageSize)
        .forEach(voice -> items.add(item(api, voice)));
    JsonObject output = new JsonObject();
    if (api != CustomizationApi.COSYVOICE) {
      output
          .put("page_index", pageIndex)
          .put("page_size", pageSize)
          .put("total_count", shown.size());
    }
    return output.put("voice_list", items);
  }

  private static JsonObject item(CustomizationApi api, Voice voice) {
    return described(api, voice, new JsonObject().put(api.idField(), id(voice)));
  }

  static JsonObject query(CustomizationApi api, Voice voice) {
    if (api != CustomizationApi.COSYVOICE) {
      return item(api, voice);
    }
    // The Java client takes a voice without this field for none at all.
    JsonObject output = new JsonObject().put("resource_link", "");
    if (CustomizationApi.isDesign(voice)) {
      output.put("voice_id", id(voice));
    }
    return described(api, voice, output);
  }

  private static JsonObject described(CustomizationApi api, Voice voice, JsonObject to) {
    to.put("gmt_create", time(api, voice.created()))
        .put("gmt_modified", time(api, voice.modified()))
        .put("target_model", voice.targetModel());
    if (api == CustomizationApi.COSYVOICE) {
      to.put("status", status(voice.state()));
    } else {
      to.put("language", voice.language() == null ? "zh" : voice.language());
    }
    Voice.Design design = voice.design();
    if (design != null) {
      to.put("voice_prompt", design.description()).put("preview_text", design.previewText());
    }
    return to;
  }

  static String status(Voice.State state) {
    return switch (state) {
      case PENDING, DEPLOYING -> "DEPLOYING";
      case OK -> "OK";
      case FAILED -> "UNDEPLOYED";
    };
  }

  /**
   * Whether the voice was made with that prefix. The vendor's id says it where it has its usual
   * form; the display name may have changed since.
   */
  static boolean hasPrefix(Voice voice, String prefix) {
    String id = id(voice);
    String start = voice.targetModel() + "-";
    if (start.length() > 1 && id.startsWith(start)) {
      String rest = id.substring(start.length());
      return rest.startsWith(prefix + "-") || rest.startsWith("vd-" + prefix + "-");
    }
    return id.contains("-" + prefix + "-") || voice.displayName().equals(prefix);
  }
}
