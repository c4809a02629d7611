package dev.voicebridge.http;

import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.library.Asker;
import dev.voicebridge.library.CloneOrder;
import dev.voicebridge.library.DesignOrder;
import dev.voicebridge.library.Made;
import dev.voicebridge.library.Visit;
import dev.voicebridge.library.VoiceLibrary;
import dev.voicebridge.voice.StoreHealth;
import dev.voicebridge.voice.VoicePage;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/voices} for whoever brings a vendor key of their own in {@code X-Provider-Key}: the
 * vendor is asked with it, the answers have the library's shapes, and nothing is kept. One per
 * event loop.
 */
final class VisitorEndpoint {
  static final String HEADER = "X-Provider-Key";

  private static final Pattern KEY = Pattern.compile("[!-~]{1,512}");

  private final Vertx vertx;
  private final VoiceLibrary library;
  private final Bodies bodies;
  private final VoiceAnswers answers;

  VisitorEndpoint(Vertx vertx, VoiceLibrary library, Bodies bodies, VoiceAnswers answers) {
    this.vertx = vertx;
    this.library = library;
    this.bodies = bodies;
    this.answers = answers;
  }

  /** Two doors at one address. */
  static Handler<RoutingContext> or(
      Handler<RoutingContext> operators, Handler<RoutingContext> visitors) {
    return ctx -> (ctx.request().headers().contains(HEADER) ? visitors : operators).handle(ctx);
  }

  /** Where the records of the library are meant, of which a visitor has none. */
  static void noProviderKey(RoutingContext ctx) {
    if (ctx.request().headers().contains(HEADER)) {
      throw Problem.NO_PROVIDER_KEY
          .about(Problem.NO_PROVIDER_KEY.message(), "x-provider-key")
          .inChinese("此接口不接受 X-Provider-Key：用自己的密钥创建的音色，本服务器不保存任何记录。");
    }
    ctx.next();
  }

  /**
   * The visitor's key; null: it is nobody's visit.
   *
   * @throws Problem.Failure when the header holds no key, or whoever calls may bring none; its
   *     words don't repeat it
   */
  static @Nullable String key(RoutingContext ctx) {
    List<String> given = ctx.request().headers().getAll(HEADER);
    if (given.isEmpty()) {
      return null;
    }
    if (!Access.keyOf(ctx).caller().voices().isEmpty()) {
      throw Problem.NOT_ALLOWED
          .about("This key is limited to certain voices of this server.", "x-provider-key")
          .inChinese("这把密钥只能使用本服务器上指定的音色。");
    }
    String key = given.get(0).strip();
    if (given.size() > 1 || !KEY.matcher(key).matches()) {
      throw Fields.wrong(
          "x-provider-key",
          "expected one key of at most 512 visible ASCII characters",
          "应为一把密钥，最多 512 个可见 ASCII 字符");
    }
    return key;
  }

  private Visit visit(RoutingContext ctx) {
    return library.visit(Objects.requireNonNull(key(ctx)));
  }

  /**
   * Whose key it is. An id may tell one of DashScope's interfaces, but no guess sends a key to
   * another vendor.
   */
  private static Provider family(RoutingContext ctx, String id) {
    Provider named = VoicesEndpoint.choice(ctx, "provider", Provider.values());
    if (named != null) {
      return named;
    }
    if (id.startsWith("speech:")) {
      throw Fields.wrong(
          "provider", "say whose key it is: ?provider=siliconflow", "请用 ?provider=siliconflow 指明");
    }
    return familyOf(id);
  }

  /** As the provider's id of a voice tells. */
  static Provider familyOf(String id) {
    if (id.startsWith("speech:")) {
      return Provider.SILICONFLOW;
    }
    return id.startsWith("qwen-tts-v") ? Provider.QWEN : Provider.COSYVOICE;
  }

  /** {@code POST /v1/voices}. */
  void make(RoutingContext ctx) {
    Visit visit = visit(ctx);
    Asker asker = VoicesEndpoint.asker(ctx);
    bodies
        .read(ctx)
        .compose(body -> vertx.executeBlocking(() -> VoiceOrders.order(body), false))
        .compose(
            order ->
                order.dryRun() ? dryRun(ctx, visit, asker, order) : make(ctx, visit, asker, order))
        .recover(VisitorEndpoint::explained)
        .onFailure(ctx::fail);
  }

  private Future<Void> dryRun(
      RoutingContext ctx, Visit visit, Asker asker, VoiceOrders.Order order) {
    CloneOrder clone = order.cloning();
    DesignOrder design = order.designing();
    Future<JsonObject> request =
        clone != null
            ? visit.dryRun(asker, clone)
            : visit.dryRun(asker, Objects.requireNonNull(design));
    return request.onSuccess(json -> Answers.json(ctx, 200, json)).mapEmpty();
  }

  private Future<Void> make(RoutingContext ctx, Visit visit, Asker asker, VoiceOrders.Order order) {
    CloneOrder clone = order.cloning();
    DesignOrder design = order.designing();
    Future<Made> made =
        clone != null
            ? visit.make(asker, clone)
            : visit.make(asker, Objects.requireNonNull(design));
    return made.onSuccess(voice -> made(ctx, voice, 201)).mapEmpty();
  }

  private void made(RoutingContext ctx, Made made, int status) {
    JsonObject json = answers.madeForVisitor(made);
    JsonObject voice = json.getJsonObject("voice");
    ctx.response()
        .putHeader(
            "location",
            "/v1/voices/"
                + URLEncoder.encode(voice.getString("id"), StandardCharsets.UTF_8)
                    .replace("+", "%20")
                + "?provider="
                + voice.getString("provider"));
    Answers.json(ctx, status, json);
  }

  /** {@code GET /v1/voices}: from the vendor. */
  void list(RoutingContext ctx) {
    Provider family = VoicesEndpoint.choice(ctx, "provider", Provider.values());
    visit(ctx)
        .list(family, VoicesEndpoint.page(ctx, VoicesEndpoint.query(ctx)))
        .onSuccess(listed -> Answers.json(ctx, 200, list(listed)))
        .recover(VisitorEndpoint::explained)
        .onFailure(ctx::fail);
  }

  private JsonObject list(Visit.Listed listed) {
    VoicePage page = listed.page();
    return answers.listForVisitor(
        page.voices(),
        page.total(),
        listed.quota(),
        new StoreHealth(StoreHealth.State.OK, Instant.now(), "asked of the provider"));
  }

  /** {@code GET /v1/voices/{id}[?wait_seconds=]}. */
  void get(RoutingContext ctx) {
    String id = VoicesEndpoint.id(ctx);
    Duration wait = VoicesEndpoint.wait(ctx);
    visit(ctx)
        .get(family(ctx, id), id, wait)
        .onSuccess(voice -> Answers.json(ctx, 200, answers.visitors(voice)))
        .recover(VisitorEndpoint::explained)
        .onFailure(ctx::fail);
  }

  /** {@code PUT /v1/voices/{id}/sample}. */
  void resample(RoutingContext ctx) {
    Visit visit = visit(ctx);
    Asker asker = VoicesEndpoint.asker(ctx);
    String id = VoicesEndpoint.id(ctx);
    Provider family = family(ctx, id);
    bodies
        .read(ctx)
        .compose(
            body -> vertx.executeBlocking(() -> VoiceOrders.resample(body, family, "", ""), false))
        .compose(order -> visit.resample(asker, family, id, order))
        .onSuccess(made -> made(ctx, made, 200))
        .recover(VisitorEndpoint::explained)
        .onFailure(ctx::fail);
  }

  /** {@code DELETE /v1/voices/{id}}. */
  void delete(RoutingContext ctx) {
    String id = VoicesEndpoint.id(ctx);
    visit(ctx)
        .delete(family(ctx, id), id)
        .onSuccess(gone -> VoicesEndpoint.gone(ctx))
        .recover(VisitorEndpoint::explained)
        .onFailure(ctx::fail);
  }

  /** What is the operator's trouble with the operator's key is the visitor's with his own. */
  static <T> Future<T> explained(Throwable cause) {
    Problem.Failure told = VoiceProblems.ofVisitor(cause);
    return Future.failedFuture(told == null ? cause : told);
  }
}
