package dev.voicebridge.http;

import dev.voicebridge.library.SampleLinks;
import dev.voicebridge.library.VoiceLibrary;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Every route. The order is the order of the checks. */
final class Routes {
  private static final int SMALL_BODY_BYTES = 64 * 1024;

  private static final String CUSTOMIZATION = "/api/v1/services/audio/tts/customization";

  private static final String PAGE_PATHS = "/(?!v1/|api/|api-ws/|health/).*";

  private Routes() {}

  /** What the outside may call. */
  static Router doors(
      Vertx vertx,
      Instance instance,
      RealtimeEndpoint realtime,
      SpeechEndpoint speech,
      OpsEndpoint ops,
      Answers answers) {
    Access access = instance.access();
    ListEndpoint lists = new ListEndpoint(instance.catalogue(), access, instance::library);
    TicketEndpoint tickets = new TicketEndpoint(instance.tickets());
    Page page = new Page(vertx, access.allowedOrigins());
    CustomizationEndpoint customization =
        new CustomizationEndpoint(
            vertx, VoiceDesk.of(instance::library), instance.config().demandConsentHeader());
    BodyHandler smallBody = BodyHandler.create(false).setBodyLimit(SMALL_BODY_BYTES);

    Router router = Router.router(vertx);
    router.route().handler(answers::begin);
    router.route().handler(access::hosts);
    // The WebSocket doors tell a foreign page on the open socket.
    router
        .routeWithRegex("(?!((/api-ws)?/v1/realtime|/api-ws/v1/inference)/?$).*")
        .handler(access::origins);
    router.routeWithRegex("/(v1|api|api-ws)/.*").handler(access::calls);

    router.get("/v1/realtime").setName("/v1/realtime").handler(realtime.binary());
    router.get("/api-ws/v1/realtime").setName("/api-ws/v1/realtime").handler(realtime.base64());
    router.get("/api-ws/v1/inference").setName("/api-ws/v1/inference").handler(realtime.tasks());

    router
        .post("/v1/realtime/tickets")
        .setName("/v1/realtime/tickets")
        .handler(smallBody)
        .handler(access::key)
        .handler(tickets::issue);
    // A route of its own for the key: nobody sends a body before it is known.
    router.post(SpeechEndpoint.PATH).setName(SpeechEndpoint.PATH).handler(access::key);
    router
        .post(SpeechEndpoint.PATH)
        .setName(SpeechEndpoint.PATH)
        .handler(BodyHandler.create(false).setBodyLimit(SpeechEndpoint.MAX_BODY_BYTES))
        .handler(speech::speak);
    router.post(SpeechEndpoint.CHAT_PATH).setName(SpeechEndpoint.CHAT_PATH).handler(access::key);
    router
        .post(SpeechEndpoint.CHAT_PATH)
        .setName(SpeechEndpoint.CHAT_PATH)
        .handler(BodyHandler.create(false).setBodyLimit(SpeechEndpoint.MAX_BODY_BYTES))
        .handler(speech::chat);
    router.get("/v1/models").setName("/v1/models").handler(access::key).handler(lists::models);
    for (String model : List.of("/v1/models/:id", "/v1/models/*")) {
      router.get(model).setName("/v1/models/:id").handler(access::key).handler(lists::model);
    }
    router
        .get("/v1/audio/models")
        .setName("/v1/audio/models")
        .handler(access.keyUnless(instance.config().publicLists()))
        .handler(lists::audioModels);
    router
        .get("/v1/audio/voices")
        .setName("/v1/audio/voices")
        .handler(access.keyUnless(instance.config().publicLists()))
        .handler(lists::audioVoices);

    voices(vertx, router, instance);

    // A route of its own for the key: nobody sends megabytes before it is known.
    router.post(CUSTOMIZATION).setName(CUSTOMIZATION).handler(access::key);
    router
        .post(CUSTOMIZATION)
        .setName(CUSTOMIZATION)
        .handler(BodyHandler.create(false).setBodyLimit(CustomizationEndpoint.MAX_BODY_BYTES))
        .handler(customization::customize);
    router
        .get("/api/v1/uploads")
        .setName("/api/v1/uploads")
        .handler(access::key)
        .handler(customization::uploads);

    router.get("/health/live").method(HttpMethod.HEAD).setName("/health").handler(ops::live);
    router.get("/health/ready").method(HttpMethod.HEAD).setName("/health").handler(ops::ready);
    router.get("/metrics").setName("/metrics").handler(ops::metricsAtTheDoor);

    router
        .routeWithRegex(PAGE_PATHS)
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .setName("/")
        .handler(page::file);
    return withFailures(router, answers);
  }

  /** The library; who calls is asked before a byte of a body is read. */
  private static void voices(Vertx vertx, Router router, Instance instance) {
    VoiceLibrary library = instance.library();
    Bodies bodies = new Bodies(vertx);
    VoiceAnswers answers = new VoiceAnswers(InstantSource.system());
    VoicesEndpoint voices = new VoicesEndpoint(vertx, library, bodies, answers);
    VisitorEndpoint visitors = new VisitorEndpoint(vertx, library, bodies, answers);
    SampleEndpoint samples = new SampleEndpoint(vertx, library, bodies);
    SiliconFlowEndpoint siliconFlow =
        new SiliconFlowEndpoint(
            vertx,
            VoiceDesk.of(instance::library),
            bodies,
            instance.config().demandConsentHeader());
    VoiceEvents events = new VoiceEvents(vertx, library, answers);

    Access access = instance.access();
    guarded(access, router.post("/v1/voices"))
        .handler(VisitorEndpoint.or(voices::make, visitors::make));
    guarded(access, router.get("/v1/voices"))
        .handler(VisitorEndpoint.or(voices::list, visitors::list));
    guarded(access, router.get("/v1/voices/targets")).handler(voices::targets);
    guarded(access, router.post("/v1/voices/samples/check")).handler(samples::check);
    guarded(access, router.get("/v1/voices/descriptions/check")).handler(samples::describe);
    guarded(access, router.post("/v1/voices/descriptions/check")).handler(samples::describePosted);
    // Without a key: the link itself is the secret, and a vendor has no key of ours.
    router
        .get(SampleLinks.PATH + ":link")
        .setName(SampleLinks.PATH)
        .handler(samples::fetchedByTheVendor);
    guarded(access, router.get("/v1/voices/:id"))
        .handler(VisitorEndpoint.or(voices::get, visitors::get));
    ours(access, router.patch("/v1/voices/:id")).handler(voices::edit);
    guarded(access, router.delete("/v1/voices/:id"))
        .handler(VisitorEndpoint.or(voices::delete, visitors::delete));
    guarded(access, router.put("/v1/voices/:id/sample"))
        .handler(VisitorEndpoint.or(voices::resample, visitors::resample));
    ours(access, router.get("/v1/voices/:id/events")).handler(events::open);
    ours(access, router.get("/v1/voices/:id/preview")).handler(voices::preview);
    ours(access, router.get("/v1/voices/:id/evidence")).handler(voices::evidence);
    ours(access, router.get("/v1/voices/:id/diagnosis")).handler(voices::diagnosis);

    guarded(access, router.post(SiliconFlowEndpoint.UPLOAD)).handler(siliconFlow::upload);
    guarded(access, router.get(SiliconFlowEndpoint.LIST)).handler(siliconFlow::list);
    guarded(access, router.post(SiliconFlowEndpoint.DELETIONS)).handler(siliconFlow::delete);
  }

  private static Route guarded(Access access, Route route) {
    return route.setName(route.getPath()).handler(access::key);
  }

  /** What is about records of the library, which no visitor's voice has. */
  private static Route ours(Access access, Route route) {
    return guarded(access, route).handler(VisitorEndpoint::noProviderKey);
  }

  /** What the operator may call on the admin port. */
  static Router admin(Vertx vertx, OpsEndpoint ops, Answers answers) {
    Router router = Router.router(vertx);
    router.route().handler(answers::begin);
    router.get("/health/live").method(HttpMethod.HEAD).setName("/health").handler(ops::live);
    router.get("/health/ready").method(HttpMethod.HEAD).setName("/health").handler(ops::ready);
    router.get("/metrics").setName("/metrics").handler(ops::metrics);
    return withFailures(router, answers);
  }

  private static Router withFailures(Router router, Answers answers) {
    // Error handlers and not a failure handler: they see what no route matched, too.
    IntStream.rangeClosed(400, 599)
        .forEach(status -> router.errorHandler(status, answers::failure));
    router.errorHandler(
        405,
        ctx -> {
          ctx.response().putHeader("allow", allowed(router, ctx.normalizedPath()));
          answers.failure(ctx);
        });
    return router;
  }

  /** The methods of the routes with that path; the router knows them but does not tell. */
  private static String allowed(Router router, String path) {
    return router.getRoutes().stream()
        .filter(route -> route.methods() != null && matches(route, path))
        .flatMap(route -> route.methods().stream())
        .map(HttpMethod::name)
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static boolean matches(Route route, String path) {
    String pattern = route.getPath();
    // A route that was made of a regular expression does not give it back: that is the page.
    return pattern == null
        ? path.matches(PAGE_PATHS)
        : path.matches(pattern.replaceAll(":\\w+", "[^/]+").replace("/*", "/.+") + "/?");
  }
}
