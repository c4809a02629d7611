package dev.voicebridge.http;

import dev.voicebridge.bridge.Caller;
import dev.voicebridge.enrolment.Diagnosis;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.enrolment.TargetModel;
import dev.voicebridge.library.Asker;
import dev.voicebridge.library.CloneOrder;
import dev.voicebridge.library.DesignOrder;
import dev.voicebridge.library.Made;
import dev.voicebridge.library.VoiceLibrary;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoicePage;
import dev.voicebridge.voice.VoiceQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code /v1/voices}: the library over every provider. One per event loop. */
final class VoicesEndpoint {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;
  private static final int MAX_WAIT_SECONDS = 60;

  /** The longest provider id that we know has 100 characters or so. */
  static final int MAX_ID = 256;

  private final Vertx vertx;
  private final VoiceLibrary library;
  private final Bodies bodies;
  private final VoiceAnswers answers;

  VoicesEndpoint(Vertx vertx, VoiceLibrary library, Bodies bodies, VoiceAnswers answers) {
    this.vertx = vertx;
    this.library = library;
    this.bodies = bodies;
    this.answers = answers;
  }

  static Asker asker(RoutingContext ctx) {
    Caller caller = Access.keyOf(ctx).caller();
    return new Asker(caller.name(), caller.operator(), caller.models(), caller.voices());
  }

  /** The voice in the path, ours or the provider's id. */
  static String id(RoutingContext ctx) {
    String id = ctx.pathParam("id");
    if (id == null || id.isBlank() || id.length() > MAX_ID) {
      throw Problem.NO_SUCH_VOICE.asException().inChinese("没有这个音色。");
    }
    return id;
  }

  /** {@code POST /v1/voices}. */
  void make(RoutingContext ctx) {
    Asker asker = asker(ctx);
    bodies
        .read(ctx)
        .compose(body -> vertx.executeBlocking(() -> VoiceOrders.order(body), false))
        .compose(order -> order.dryRun() ? dryRun(ctx, asker, order) : make(ctx, asker, order))
        .onFailure(ctx::fail);
  }

  private Future<Void> dryRun(RoutingContext ctx, Asker asker, VoiceOrders.Order order) {
    CloneOrder clone = order.cloning();
    DesignOrder design = order.designing();
    Future<JsonObject> request =
        clone != null
            ? library.dryRun(asker, clone)
            : library.dryRun(asker, Objects.requireNonNull(design));
    return answer(ctx, 200, request);
  }

  private Future<Void> make(RoutingContext ctx, Asker asker, VoiceOrders.Order order) {
    CloneOrder clone = order.cloning();
    DesignOrder design = order.designing();
    Future<Made> made =
        clone != null
            ? library.make(asker, clone)
            : library.make(asker, Objects.requireNonNull(design));
    return made.map(voice -> made(ctx, asker, voice, voice.existing() ? 200 : 201));
  }

  @SuppressWarnings("NullAway") // a Void has no other value
  private Void made(RoutingContext ctx, Asker asker, Made made, int status) {
    ctx.response().putHeader("location", "/v1/voices/" + made.voice().id());
    Answers.json(ctx, status, answers.made(made, asker.operator()));
    return null;
  }

  @SuppressWarnings("NullAway") // a Void has no other value
  private static Future<Void> answer(RoutingContext ctx, int status, Future<JsonObject> body) {
    return body.map(
        json -> {
          Answers.json(ctx, status, json);
          return null;
        });
  }

  /** {@code GET /v1/voices/targets}: what voices can be made for, of what the key may use. */
  void targets(RoutingContext ctx) {
    Caller caller = Access.keyOf(ctx).caller();
    JsonArray data = new JsonArray();
    for (TargetModel target : library.targets()) {
      if (caller.mayUseModel(target.name())) {
        data.add(target.toJson());
      }
    }
    Answers.json(ctx, 200, new JsonObject().put("object", "list").put("data", data));
  }

  /** {@code GET /v1/voices}: from memory, at once. */
  void list(RoutingContext ctx) {
    Asker asker = asker(ctx);
    VoiceQuery query = query(ctx);
    VoiceQuery paged = page(ctx, query);
    Provider provider = choice(ctx, "provider", Provider.values());
    VoicePage page =
        provider == null
            ? library.list(asker, paged)
            : ofFamily(library.list(asker, query), provider, paged.offset(), paged.limit());
    Answers.json(
        ctx,
        200,
        answers.list(
            page.voices(), page.total(), asker.operator(), library.quota(), library.health()));
  }

  /** What is asked for, every page of it. */
  static VoiceQuery query(RoutingContext ctx) {
    return VoiceQuery.all()
        .containing(param(ctx, "query"))
        .ofModel(param(ctx, "model"))
        .tagged(param(ctx, "tag"))
        .made(choice(ctx, "origin", Voice.Origin.values()))
        .inState(choice(ctx, "state", Voice.State.values()));
  }

  static VoiceQuery page(RoutingContext ctx, VoiceQuery query) {
    int limit = number(ctx, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    return query.page(number(ctx, "offset", 0, 0, Integer.MAX_VALUE), limit);
  }

  /** Two families share a vendor, and the query knows vendors only. */
  private static VoicePage ofFamily(VoicePage all, Provider family, int offset, int limit) {
    List<Voice> voices =
        all.voices().stream().filter(voice -> voice.family().equals(family.id())).toList();
    return new VoicePage(voices.stream().skip(offset).limit(limit).toList(), voices.size());
  }

  /** {@code GET /v1/voices/{id}[?wait_seconds=]}. */
  void get(RoutingContext ctx) {
    Asker asker = asker(ctx);
    String id = id(ctx);
    Duration wait = wait(ctx);
    Voice known = wait.isZero() ? library.find(asker, id) : null;
    if (known != null) {
      Answers.json(ctx, 200, encoded(known, asker));
      return;
    }
    library
        .get(asker, id, wait)
        .onSuccess(voice -> Answers.json(ctx, 200, encoded(voice, asker)))
        .onFailure(ctx::fail);
  }

  static Duration wait(RoutingContext ctx) {
    return Duration.ofSeconds(number(ctx, "wait_seconds", 0, 0, MAX_WAIT_SECONDS));
  }

  private Buffer encoded(Voice voice, Asker asker) {
    return Buffer.buffer(answers.encoded(voice, asker.operator()));
  }

  /** {@code PATCH /v1/voices/{id}}. */
  void edit(RoutingContext ctx) {
    Asker asker = asker(ctx);
    String id = id(ctx);
    bodies
        .readSmall(ctx)
        .map(VoiceOrders::edit)
        .compose(edit -> library.edit(asker, id, edit.name(), edit.tags()))
        .onSuccess(voice -> Answers.json(ctx, 200, encoded(voice, asker)))
        .onFailure(ctx::fail);
  }

  /** {@code PUT /v1/voices/{id}/sample}. */
  void resample(RoutingContext ctx) {
    Asker asker = asker(ctx);
    String id = id(ctx);
    bodies
        .read(ctx)
        .compose(
            body ->
                library
                    .get(asker, id, Duration.ZERO)
                    .compose(voice -> vertx.executeBlocking(() -> resampling(body, voice), false)))
        .compose(order -> library.resample(asker, id, order))
        .map(made -> made(ctx, asker, made, 200))
        .onFailure(ctx::fail);
  }

  private static CloneOrder resampling(Body body, Voice voice) {
    Provider provider = VoiceOrders.provider(voice.family());
    return VoiceOrders.resample(
        body,
        provider == null ? Provider.COSYVOICE : provider,
        voice.targetModel(),
        voice.displayName());
  }

  /** {@code DELETE /v1/voices/{id}}. */
  void delete(RoutingContext ctx) {
    library.delete(asker(ctx), id(ctx)).onSuccess(gone -> gone(ctx)).onFailure(ctx::fail);
  }

  static void gone(RoutingContext ctx) {
    if (!ctx.response().closed()) {
      ctx.response().setStatusCode(204).end();
    }
  }

  /** {@code GET /v1/voices/{id}/preview}: how a designed voice sounds, where that was kept. */
  void preview(RoutingContext ctx) {
    library
        .preview(asker(ctx), id(ctx))
        .onSuccess(
            kept -> {
              if (kept == null) {
                ctx.fail(
                    Problem.NOT_FOUND
                        .about("No preview of this voice was kept.", null)
                        .inChinese("没有保存这个音色的试听。"));
              } else if (!ctx.response().closed()) {
                ctx.response()
                    .putHeader("content-type", kept.mediaType())
                    .putHeader("cache-control", "no-store")
                    .end(kept.audio());
              }
            })
        .onFailure(ctx::fail);
  }

  /** {@code GET /v1/voices/{id}/evidence}: a file to keep. */
  void evidence(RoutingContext ctx) {
    String id = id(ctx);
    // A provider's id may hold anything; a header may not.
    String file = Voice.isId(id) ? id + "-evidence.json" : "voice-evidence.json";
    library
        .evidence(asker(ctx), id)
        .onSuccess(
            json -> {
              ctx.response()
                  .putHeader("content-disposition", "attachment; filename=\"" + file + "\"");
              Answers.json(ctx, 200, json);
            })
        .onFailure(ctx::fail);
  }

  /** {@code GET /v1/voices/{id}/diagnosis?why=silent|unstable[&model=]}. */
  void diagnosis(RoutingContext ctx) {
    String id = id(ctx);
    String why = param(ctx, "why");
    Future<List<Diagnosis>> found;
    if (why == null || why.equals("silent")) {
      found = library.whySilent(asker(ctx), id, param(ctx, "model"));
    } else if (why.equals("unstable")) {
      found = library.whyUnstable(asker(ctx), id);
    } else {
      throw Fields.wrong("why", "expected silent or unstable", "应为 silent 或 unstable");
    }
    answer(ctx, 200, found.map(VoiceAnswers::diagnoses)).onFailure(ctx::fail);
  }

  private static @Nullable String param(RoutingContext ctx, String name) {
    List<String> values = ctx.queryParam(name);
    if (values.size() > 1) {
      throw Fields.wrong(name, "once, please", "只能给一次");
    }
    String value = values.isEmpty() ? "" : values.get(0).strip();
    if (value.length() > MAX_ID) {
      throw Fields.wrong(name, "at most " + MAX_ID + " characters", "最多 " + MAX_ID + " 个字符");
    }
    return value.isEmpty() ? null : value;
  }

  private static int number(RoutingContext ctx, String name, int otherwise, int least, int most) {
    String value = param(ctx, name);
    if (value == null) {
      return otherwise;
    }
    long number = value.matches("\\d{1,10}") ? Long.parseLong(value) : -1;
    if (number < least || number > most) {
      throw Fields.wrong(
          name,
          "expected a whole number from " + least + " to " + most,
          "应为 " + least + " 到 " + most + " 的整数");
    }
    return (int) number;
  }

  static <E extends Enum<E>> @Nullable E choice(RoutingContext ctx, String name, E[] choices) {
    String value = param(ctx, name);
    if (value == null) {
      return null;
    }
    for (E choice : choices) {
      if (lower(choice).equals(value)) {
        return choice;
      }
    }
    String all = String.join(", ", Arrays.stream(choices).map(VoicesEndpoint::lower).toList());
    throw Fields.wrong(name, "expected one of " + all, "应为 " + all + " 之一");
  }

  private static String lower(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }
}
