package dev.voicebridge.http;

import dev.voicebridge.enrolment.DescriptionRules;
import dev.voicebridge.library.SampleLinks;
import dev.voicebridge.library.SampleSource;
import dev.voicebridge.library.VoiceLibrary;
import dev.voicebridge.sample.MendedSample;
import dev.voicebridge.sample.Provider;
import dev.voicebridge.sample.SampleReport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Samples and descriptions, judged before anything is spent on them. */
final class SampleEndpoint {
  private final Vertx vertx;
  private final VoiceLibrary library;
  private final Bodies bodies;

  SampleEndpoint(Vertx vertx, VoiceLibrary library, Bodies bodies) {
    this.vertx = vertx;
    this.library = library;
    this.bodies = bodies;
  }

  /** {@code POST /v1/voices/samples/check[?mended=]}. */
  void check(RoutingContext ctx) {
    Provider wanted = mendedFor(ctx);
    bodies
        .read(ctx)
        .compose(body -> parsed(body))
        .compose(library::examine)
        .compose(report -> wanted == null ? told(ctx, report) : mended(ctx, report, wanted))
        .onFailure(ctx::fail);
  }

  /** {@code GET} of a signed link: the sample, as long as the vendor is at work on it. */
  void fetchedByTheVendor(RoutingContext ctx) {
    SampleLinks.Linked sample = library.links().get(ctx.pathParam("link"));
    if (sample == null) {
      throw Problem.NOT_FOUND.asException();
    }
    ctx.response()
        .putHeader("content-type", sample.mediaType())
        .putHeader("cache-control", "no-store")
        .end(sample.bytes());
  }

  private Future<SampleSource> parsed(Body body) {
    return vertx.executeBlocking(() -> VoiceOrders.sample(body), false);
  }

  private static @Nullable Provider mendedFor(RoutingContext ctx) {
    List<String> asked = ctx.queryParam("mended");
    if (asked.isEmpty()) {
      return null;
    }
    for (Provider provider : Provider.values()) {
      if (provider.wireName().equals(asked.get(0))) {
        return provider;
      }
    }
    throw Fields.wrong(
        "mended", "expected cosyvoice, qwen or siliconflow", "应为 cosyvoice、qwen 或 siliconflow");
  }

  private static Future<Void> told(RoutingContext ctx, SampleReport report) {
    Answers.json(ctx, 200, VoiceAnswers.report(report));
    return Future.succeededFuture();
  }

  private Future<Void> mended(RoutingContext ctx, SampleReport report, Provider provider) {
    return vertx
        .executeBlocking(() -> Optional.ofNullable(report.mended(provider)), false)
        .map(
            mended -> {
              wav(ctx, mended.orElseThrow(() -> unmendable(report, provider)));
              return null;
            });
  }

  private static Problem.Failure unmendable(SampleReport report, Provider provider) {
    return Problem.SAMPLE_REFUSED
        .about("No sample that " + provider.wireName() + " takes can be made of this one.", null)
        .inChinese("该样本无法修复到 " + provider.wireName() + " 可用。")
        .with(new JsonObject().put("report", VoiceAnswers.report(report)));
  }

  private static void wav(RoutingContext ctx, MendedSample mended) {
    if (ctx.response().closed()) {
      return;
    }
    String steps =
        mended.steps().stream().map(MendedSample.Step::wireName).collect(Collectors.joining(", "));
    ctx.response()
        .putHeader("content-type", "audio/wav")
        .putHeader("content-disposition", "attachment; filename=\"mended.wav\"")
        .putHeader("cache-control", "no-store")
        .putHeader("x-voicebridge-mending", steps)
        .end(Buffer.buffer(mended.wav()));
  }

  /** {@code GET /v1/voices/descriptions/check}: from the query. */
  void describe(RoutingContext ctx) {
    JsonObject query = new JsonObject();
    ctx.queryParams().forEach(entry -> Body.add(query, entry.getKey(), entry.getValue()));
    rules(ctx, VoiceOrders.description(query, true));
  }

  /** {@code POST /v1/voices/descriptions/check}. */
  void describePosted(RoutingContext ctx) {
    bodies
        .readSmall(ctx)
        .map(
            body -> {
              rules(ctx, VoiceOrders.description(body.fields(), false));
              return null;
            })
        .onFailure(ctx::fail);
  }

  private static void rules(RoutingContext ctx, VoiceOrders.Checked asked) {
    Answers.json(
        ctx,
        200,
        VoiceAnswers.diagnoses(DescriptionRules.check(asked.provider(), asked.request())));
  }
}
