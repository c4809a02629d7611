package dev.voicebridge.emulator.library;

import dev.voicebridge.emulator.engine.VoiceTraits;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A voice that somebody made. Times are milliseconds since 1970.
 *
 * @param account whose it is
 * @param name prefix, preferred name or custom name
 * @param readyAt when it is, or was, ready to speak
 * @param rejected processing found it unusable
 * @param link where the sample came from; null: not told
 * @param prompt description of a designed voice, transcript of a SiliconFlow one; empty: none
 * @param preview text of a design's preview; empty: none
 */
public record CustomVoice(
    String id,
    String account,
    Kind kind,
    String targetModel,
    String name,
    String language,
    long createdAt,
    long readyAt,
    boolean rejected,
    @Nullable String link,
    String prompt,
    String preview,
    VoiceTraits traits) {
  /** How it was made, and by which API. */
  public enum Kind {
    COSYVOICE_CLONE("cosyvoice"),
    COSYVOICE_DESIGN("cosyvoice"),
    QWEN_CLONE("qwen"),
    QWEN_DESIGN("qwen"),
    SILICONFLOW("siliconflow");

    private final String family;

    Kind(String family) {
      this.family = family;
    }

    /** Which quota it counts for. */
    public String family() {
      return family;
    }
  }

  /** {@code DEPLOYING}, {@code OK} or {@code UNDEPLOYED}. */
  public String status(long now) {
    if (now < readyAt) {
      return "DEPLOYING";
    }
    return rejected ? "UNDEPLOYED" : "OK";
  }

  /** When its status changed last. */
  public long modifiedAt(long now) {
    return now < readyAt ? createdAt : readyAt;
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("id", id)
        .put("account", account)
        .put("kind", kind.name())
        .put("target_model", targetModel)
        .put("name", name)
        .put("language", language)
        .put("created_at", createdAt)
        .put("ready_at", readyAt)
        .put("rejected", rejected)
        .put("link", link)
        .put("prompt", prompt)
        .put("preview", preview)
        .put(
            "traits",
            new JsonObject()
                .put("gender", traits.gender().name())
                .put("age", traits.age().name())
                .put("pitch_hz", traits.pitchHz())
                .put("pitch", traits.pitch())
                .put("tempo", traits.tempo())
                .put("language", traits.language()));
  }

  static CustomVoice parse(JsonObject json) {
    JsonObject traits = json.getJsonObject("traits");
    return new CustomVoice(
        json.getString("id"),
        json.getString("account"),
        Kind.valueOf(json.getString("kind")),
        json.getString("target_model"),
        json.getString("name"),
        json.getString("language"),
        json.getLong("created_at"),
        json.getLong("ready_at"),
        json.getBoolean("rejected"),
        json.getString("link"),
        json.getString("prompt"),
        json.getString("preview"),
        new VoiceTraits(
            VoiceTraits.Gender.valueOf(traits.getString("gender")),
            VoiceTraits.Age.valueOf(traits.getString("age")),
            traits.getDouble("pitch_hz"),
            traits.getDouble("pitch"),
            traits.getDouble("tempo"),
            traits.getString("language")));
  }
}
