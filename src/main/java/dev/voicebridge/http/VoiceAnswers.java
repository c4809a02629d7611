package dev.voicebridge.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.voicebridge.enrolment.Diagnosis;
import dev.voicebridge.enrolment.Preview;
import dev.voicebridge.library.Made;
import dev.voicebridge.library.VoiceLibrary;
import dev.voicebridge.sample.MendedSample;
import dev.voicebridge.sample.Provider;
import dev.voicebridge.sample.SampleReport;
import dev.voicebridge.sample.Verdict;
import dev.voicebridge.voice.StoreHealth;
import dev.voicebridge.voice.Voice;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The shapes of what is said about voices. Any thread. */
final class VoiceAnswers {
  /** The vendor takes a voice away that nobody used for a year. */
  private static final Duration DISUSED = Duration.ofDays(335);

  private static final Duration KEPT = Duration.ofHours(1);
  private static final int MOST_KEPT = 20_000;
  private static final byte[] COMMA = {','};

  private final InstantSource clock;

  /**
   * Records that were written already. A record never changes and its library hands out the same
   * one each time, so a list is little more than a copy; kept for an hour, because of {@code
   * disused_warning}.
   */
  private final Cache<Voice, byte[]> written = cache();

  private final Cache<Voice, byte[]> writtenForOperator = cache();

  VoiceAnswers(InstantSource clock) {
    this.clock = clock;
  }

  private static Cache<Voice, byte[]> cache() {
    // Weak keys are compared by identity, which costs nothing.
    return Caffeine.newBuilder().weakKeys().maximumSize(MOST_KEPT).expireAfterWrite(KEPT).build();
  }

  /**
   * @param operator sees which account it was made with
   */
  JsonObject voice(Voice voice, boolean operator) {
    Instant used = voice.lastUsed();
    Voice.Consent consent = voice.consent();
    Voice.Sample sample = voice.sample();
    Voice.Design design = voice.design();
    JsonObject json =
        new JsonObject()
            .put("id", voice.id())
            .put("object", "voice")
            .put("name", voice.displayName())
            .put("provider", voice.family())
            .put("vendor", voice.provider())
            .put("provider_voice_id", voice.providerVoiceId())
            .put("target_model", voice.targetModel())
            .put("status", lower(voice.state()))
            .put("vendor_status", voice.vendorStatus())
            .put("usable", isUsable(voice))
            .put("language", voice.language())
            .put("origin", lower(voice.origin()))
            .put("owner", voice.owner())
            .put("tags", new JsonArray(voice.tags()))
            .put(
                "consent",
                consent == null
                    ? null
                    : new JsonObject()
                        .put("said_by", consent.saidBy())
                        .put("how", consent.how())
                        .put("at", consent.at().toString()))
            .put(
                "sample",
                sample == null
                    ? null
                    : new JsonObject()
                        .put("sha256", sample.sha256())
                        .put("source", sample.source()))
            .put(
                "design",
                design == null
                    ? null
                    : new JsonObject()
                        .put("description", design.description())
                        .put("preview_text", design.previewText()))
            .put("take", VoiceLibrary.isTake(voice))
            .put(
                "preview", voice.preview() == null ? null : "/v1/voices/" + voice.id() + "/preview")
            .put("region", voice.region())
            .put("created_at", voice.created().toString())
            .put("modified_at", voice.modified().toString())
            .put("last_used_at", used == null ? null : used.toString())
            .put("disused_warning", isDisused(used == null ? voice.created() : used));
    JsonObject words = VoiceLibrary.pronunciations(voice);
    if (words != null) {
      json.put("pronunciations", words);
    }
    return operator ? json.put("account", voice.account()) : json;
  }

  /**
   * A voice of a visitor's account: it has no owner here, and no id but the provider's. How long it
   * was not used nobody knows here.
   */
  JsonObject visitors(Voice voice) {
    String theirs = voice.providerVoiceId();
    JsonObject json = voice(voice, false);
    json.remove("owner");
    return json.put("id", theirs == null ? voice.id() : theirs).putNull("disused_warning");
  }

  /** {@link #voice}, encoded; not to be changed. */
  byte[] encoded(Voice voice, boolean operator) {
    return (operator ? writtenForOperator : written)
        .get(voice, unwritten -> voice(unwritten, operator).toBuffer().getBytes());
  }

  private boolean isDisused(Instant since) {
    return since.plus(DISUSED).isBefore(clock.instant());
  }

  private static boolean isUsable(Voice voice) {
    return voice.state() == Voice.State.OK && voice.providerVoiceId() != null;
  }

  /** {@code GET /v1/voices}. */
  Buffer list(
      List<Voice> voices, int total, boolean operator, JsonArray quota, StoreHealth health) {
    Buffer body = Buffer.buffer(256 + 768 * voices.size());
    body.appendString("{\"object\":\"list\",\"total\":" + total + ",\"quota\":");
    body.appendBuffer(quota.toBuffer()).appendString(",\"library\":");
    body.appendBuffer(health(health).toBuffer()).appendString(",\"data\":[");
    boolean first = true;
    for (Voice voice : voices) {
      if (!first) {
        body.appendBytes(COMMA);
      }
      first = false;
      body.appendBytes(encoded(voice, operator));
    }
    return body.appendBytes("]}".getBytes(StandardCharsets.US_ASCII));
  }

  /** {@code GET /v1/voices} of a visitor. */
  JsonObject listForVisitor(List<Voice> voices, int total, JsonArray quota, StoreHealth health) {
    JsonArray data = new JsonArray();
    voices.forEach(voice -> data.add(visitors(voice)));
    return new JsonObject()
        .put("object", "list")
        .put("total", total)
        .put("quota", quota)
        .put("library", health(health))
        .put("data", data);
  }

  JsonObject madeForVisitor(Made made) {
    return made(made, false).put("voice", visitors(made.voice()));
  }

  private static JsonObject health(StoreHealth health) {
    return new JsonObject()
        .put("state", lower(health.state()))
        .put("since", health.since().toString())
        .put("detail", health.detail());
  }

  JsonObject made(Made made, boolean operator) {
    JsonArray mending = new JsonArray();
    for (MendedSample.Step step : made.mending()) {
      mending.add(step.toJson());
    }
    SampleReport report = made.report();
    Voice.Sample sample = made.voice().sample();
    return new JsonObject()
        .put("voice", voice(made.voice(), operator))
        .put("existing", made.existing())
        .put("report", report == null ? null : report.toJson())
        .put("mending", mending)
        .put("preview", preview(made.preview()))
        .put("left_out", new JsonArray(made.leftOut()))
        .put("remarks", made.remarks())
        .put("transcript", made.transcript())
        .put("sample_route", sample == null ? null : sample.source());
  }

  private static @Nullable JsonObject preview(@Nullable Preview preview) {
    return preview == null
        ? null
        : new JsonObject()
            .put("data", Base64.getEncoder().encodeToString(preview.bytes().getBytes()))
            .put("format", preview.format())
            .put("sample_rate", preview.sampleRateHz());
  }

  /** The doctor's report, and for whom a mended sample can be had. */
  static JsonObject report(SampleReport report) {
    JsonObject mended = new JsonObject();
    for (Provider provider : Provider.values()) {
      mended.put(provider.wireName(), report.verdict(provider).status() != Verdict.Status.REFUSED);
    }
    return report.toJson().put("mended", mended);
  }

  static JsonObject diagnoses(List<Diagnosis> diagnoses) {
    JsonArray data = new JsonArray();
    diagnoses.forEach(diagnosis -> data.add(diagnosis.toJson()));
    return new JsonObject().put("object", "list").put("data", data);
  }

  private static String lower(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }
}
