package dev.voicebridge.voice;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** Voices to test with. */
final class Samples {
  static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  private Samples() {}

  static Voice.Editor owned(String id, String owner) {
    return Voice.draft(
        id, Voice.DASHSCOPE, "cosyvoice", "cosyvoice-v3.5-plus", Voice.Origin.CLONED, owner, NOON);
  }

  static Voice.Editor found(String id, String providerVoiceId) {
    return Voice.draft(
            id, Voice.DASHSCOPE, "cosyvoice", "cosyvoice-v2", Voice.Origin.FOUND, null, NOON)
        .providerVoiceId(providerVoiceId)
        .state(Voice.State.OK);
  }

  static Voice full(String id) {
    return owned(id, "anna")
        .providerVoiceId("speech:Anna: la voce:x y:" + id)
        .state(Voice.State.OK)
        .vendorStatus("OK")
        .language("zh")
        .displayName("外婆的声音")
        .tags(List.of("family", "warm"))
        .consent(new Voice.Consent("anna", "stated", NOON))
        .sample(new Voice.Sample("ab".repeat(32), "inline"))
        .design(new Voice.Design("A calm narrator", "Good evening"))
        .account("f00d")
        .region("cn-beijing")
        .modified(NOON.plusSeconds(5))
        .preview("audio/wav")
        .requestIds(List.of("r-1", "r-2"))
        .usage(new JsonObject().put("count", 1))
        .verdicts(new JsonObject().put("cosyvoice", "good"))
        .done();
  }
}
