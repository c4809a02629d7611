package dev.voicebridge.http;

import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.library.Agreement;
import dev.voicebridge.library.Asker;
import dev.voicebridge.library.CloneOrder;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoicePage;
import dev.voicebridge.voice.VoiceQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * SiliconFlow's own calls for voices, so that its clients work by changing the host; the model says
 * whose voice is made, DashScope's too. Failures have OpenAI's envelope and a {@code message}
 * beside it, which is what its clients read. One per event loop.
 */
final class SiliconFlowEndpoint {
  static final String UPLOAD = "/v1/uploads/audio/voice";
  static final String LIST = "/v1/audio/voice/list";
  static final String DELETIONS = "/v1/audio/voice/deletions";

  /** Its clients know no state but ready; CosyVoice needs some seconds. */
  private static final Duration LONGEST_DEPLOYMENT = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final VoiceDesk desk;
  private final Bodies bodies;
  private final boolean demandConsent;

  /**
   * @param demandConsent as {@link CustomizationEndpoint} has it
   */
  SiliconFlowEndpoint(Vertx vertx, VoiceDesk desk, Bodies bodies, boolean demandConsent) {
    this.vertx = vertx;
    this.desk = desk;
    this.bodies = bodies;
    this.demandConsent = demandConsent;
  }

  /** {@code POST /v1/uploads/audio/voice}: a form with a file, or JSON with a data URI. */
  void upload(RoutingContext ctx) {
    Asker asker = VoicesEndpoint.asker(ctx);
    String visitors = VisitorEndpoint.key(ctx);
    Agreement agreement = CustomizationEndpoint.agreement(ctx.request());
    if (demandConsent && agreement == Agreement.KEY_HOLDER) {
      throw noConsent();
    }
    bodies
        .read(ctx)
        .compose(body -> vertx.executeBlocking(() -> VoiceOrders.upload(body, agreement), false))
        .compose(order -> make(desk(visitors, order.provider()), asker, order))
        .onSuccess(
            voice -> Answers.json(ctx, 200, new JsonObject().put("uri", voice.providerVoiceId())))
        .recover(cause -> explained(cause, visitors))
        .onFailure(ctx::fail);
  }

  private static Problem.Failure noConsent() {
    return Problem.NO_CONSENT
        .about(
            "This server clones only with the speaker's consent: send "
                + CustomizationEndpoint.CONSENT_HEADER
                + ": true when the speaker agreed.",
            CustomizationEndpoint.CONSENT_HEADER.toLowerCase(Locale.ROOT))
        .inChinese("本服务器只在说话人同意后克隆：请在说话人同意后发送 " + CustomizationEndpoint.CONSENT_HEADER + ": true。");
  }

  private static Future<Voice> make(VoiceDesk desk, Asker asker, CloneOrder order) {
    return desk.make(asker, order)
        .compose(
            made -> {
              Voice voice = made.voice();
              String id = voice.providerVoiceId();
              return voice.state() == Voice.State.OK || id == null
                  ? Future.succeededFuture(voice)
                  : desk.get(asker, id, LONGEST_DEPLOYMENT);
            })
        .compose(
            voice ->
                voice.providerVoiceId() == null || voice.state() == Voice.State.FAILED
                    ? Future.failedFuture(
                        Problem.PROVIDER_REFUSED
                            .about("The provider could not make a voice of this sample.", "file")
                            .inChinese("服务商未能用这段样本生成声音。"))
                    : Future.succeededFuture(voice));
  }

  /** {@code GET /v1/audio/voice/list}: what the caller may see and can speak with. */
  void list(RoutingContext ctx) {
    String visitors = VisitorEndpoint.key(ctx);
    Provider named = VoicesEndpoint.choice(ctx, "provider", Provider.values());
    VoiceQuery ready = VoiceQuery.all().inState(Voice.State.OK);
    desk(visitors, named == null ? Provider.SILICONFLOW : named)
        .list(VoicesEndpoint.asker(ctx), ready)
        .onSuccess(page -> Answers.json(ctx, 200, listed(page, named)))
        .recover(cause -> explained(cause, visitors))
        .onFailure(ctx::fail);
  }

  private static JsonObject listed(VoicePage page, @Nullable Provider family) {
    JsonArray voices = new JsonArray();
    page.voices().stream()
        .filter(voice -> voice.providerVoiceId() != null)
        .filter(voice -> family == null || voice.family().equals(family.id()))
        .forEach(
            voice ->
                voices.add(
                    new JsonObject()
                        .put("model", voice.targetModel())
                        .put("customName", voice.displayName())
                        // Not kept: only the vendor needs it.
                        .put("text", "")
                        .put("uri", voice.providerVoiceId())));
    // The documents say results, the service says result, and its clients read either.
    return new JsonObject().put("result", voices).put("results", voices);
  }

  /** {@code POST /v1/audio/voice/deletions}: by the provider's id or ours. */
  void delete(RoutingContext ctx) {
    Asker asker = VoicesEndpoint.asker(ctx);
    String visitors = VisitorEndpoint.key(ctx);
    bodies
        .readSmall(ctx)
        .map(body -> new Fields(body.fields(), false).needed("uri", VoicesEndpoint.MAX_ID))
        .compose(
            uri ->
                desk(visitors, VisitorEndpoint.familyOf(uri))
                    .delete(asker, uri)
                    .map(gone -> new JsonObject().put("uri", uri).put("deleted", true)))
        .onSuccess(done -> Answers.json(ctx, 200, done))
        .recover(cause -> explained(cause, visitors).mapEmpty())
        .onFailure(ctx::fail);
  }

  private VoiceDesk desk(@Nullable String visitors, Provider family) {
    return visitors == null ? desk : desk.visiting(visitors, family);
  }

  private static <T> Future<T> explained(Throwable cause, @Nullable String visitors) {
    return visitors == null ? Future.failedFuture(cause) : VisitorEndpoint.explained(cause);
  }
}
