package dev.voicebridge.http;

import dev.voicebridge.bridge.Caller;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may call. Without keys a web page in the operator's browser must not be able to spend what
 * lies on this machine: only loopback peers and loopback {@code Host} names are served, a foreign
 * {@code Origin} is refused on every method, and bodies must be of a kind that no foreign form can
 * send unseen.
 */
final class Access {
  private static final Pattern BEARER =
      Pattern.compile("bearer +(\\S+) *", Pattern.CASE_INSENSITIVE);
  private static final Set<String> CORS_HEADERS =
      Set.of(
          "authorization",
          "content-type",
          "x-dashscope-ossresourceresolve",
          "x-provider-key",
          "x-request-id",
          "x-voicebridge-consent");
  private static final String KEY = "voicebridge.key";

  private final KeyRing keys;
  private final TrustedProxies proxies;
  private final Set<String> allowedOrigins;

  Access(KeyRing keys, TrustedProxies proxies, List<String> allowedOrigins) {
    this.keys = keys;
    this.proxies = proxies;
    this.allowedOrigins =
        allowedOrigins.stream().map(Access::normalOrigin).collect(Collectors.toUnmodifiableSet());
  }

  private static String normalOrigin(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    String bare = lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
    if (bare.startsWith("https://") && bare.endsWith(":443")) {
      return bare.substring(0, bare.length() - 4);
    }
    return bare.startsWith("http://") && bare.endsWith(":80")
        ? bare.substring(0, bare.length() - 3)
        : bare;
  }

  /** Every request: without keys, this machine only, called by a name that only it can have. */
  void hosts(RoutingContext ctx) {
    if (!keys.required()) {
      Peer peer = peer(ctx.request());
      if (!peer.isLoopback()) {
        throw Problem.LOOPBACK_ONLY.asException();
      }
      if (!Peer.isLoopbackHost(peer.host()) || !Peer.isLoopbackHost(directHost(ctx.request()))) {
        throw Problem.FOREIGN_HOST.asException();
      }
    }
    ctx.next();
  }

  private static String directHost(HttpServerRequest request) {
    return request.authority() == null ? "" : request.authority().host().toLowerCase(Locale.ROOT);
  }

  /** Every plain request: foreign pages are refused, allowed ones get their CORS headers. */
  void origins(RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    HttpServerResponse response = ctx.response();
    if (!allowedOrigins.isEmpty()) {
      response.putHeader("vary", "Origin");
    }
    if (!mayCallFromItsPage(request)) {
      throw Problem.FOREIGN_ORIGIN.asException();
    }
    String origin = request.getHeader("origin");
    if (origin != null && !isSameOrigin(request, origin)) {
      response
          .putHeader("access-control-allow-origin", origin)
          .putHeader(
              "access-control-expose-headers",
              "x-request-id, retry-after, x-should-retry, location, x-voicebridge-mending,"
                  + " x-voicebridge-ignored, x-voicebridge-speed, x-upstream-request-id");
      if (request.method().equals(HttpMethod.OPTIONS)
          && request.getHeader("access-control-request-method") != null) {
        preflight(request.headers(), response);
        return;
      }
    }
    ctx.next();
  }

  private static void preflight(MultiMap asked, HttpServerResponse response) {
    String headers =
        Stream.of(asked.getAll("access-control-request-headers"))
            .flatMap(List::stream)
            .flatMap(line -> Stream.of(line.split(",", -1)))
            .map(name -> name.trim().toLowerCase(Locale.ROOT))
            .filter(name -> CORS_HEADERS.contains(name) || name.startsWith("x-stainless-"))
            .collect(Collectors.joining(", "));
    response
        .putHeader("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE")
        .putHeader("access-control-allow-headers", headers)
        .putHeader("access-control-max-age", "600")
        .setStatusCode(204)
        .end();
  }

  /**
   * Every call of the API: not from a foreign page that sends no {@code Origin} (an image, a script
   * or a link: browsers tell it in {@code Sec-Fetch-Site}), and without keys only bodies that need
   * a preflight.
   */
  void calls(RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    if (request.getHeader("origin") == null && isFromForeignSite(request)) {
      throw Problem.FOREIGN_ORIGIN.asException();
    }
    if (!keys.required() && hasBody(request) && !isJsonOrMultipart(request)) {
      throw Problem.MEDIA_TYPE.asException();
    }
    ctx.next();
  }

  private static boolean isFromForeignSite(HttpServerRequest request) {
    String site = request.getHeader("sec-fetch-site");
    // Another port of this machine is the same "site".
    return "cross-site".equals(site) || "same-site".equals(site);
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader("content-length");
    return request.headers().contains("transfer-encoding")
        || (length != null && !length.equals("0"));
  }

  private static boolean isJsonOrMultipart(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    String media = type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    return media.equals("application/json") || media.equals("multipart/form-data");
  }

  /** Where a key is needed: leaves it for {@link #keyOf}. */
  void key(RoutingContext ctx) {
    ctx.put(KEY, keyOrRefuse(ctx.request()));
    ctx.next();
  }

  /** Where a key is needed only if the operator wants it so. */
  Handler<RoutingContext> keyUnless(boolean isPublic) {
    return ctx -> {
      if (isPublic) {
        ctx.next();
      } else {
        key(ctx);
      }
    };
  }

  /** The key that {@link #key} found. */
  static KeyRing.Key keyOf(RoutingContext ctx) {
    KeyRing.Key key = ctx.get(KEY);
    if (key == null) {
      throw new IllegalStateException("this route asks for no key");
    }
    return key;
  }

  private KeyRing.Key keyOrRefuse(HttpServerRequest request) {
    KeyRing.Key key = shownKey(request);
    if (key == null) {
      throw Problem.NO_KEY.asException();
    }
    return key;
  }

  /**
   * The key in the header; where no keys are set, anyone's.
   *
   * @return null when no key is shown
   * @throws Problem.Failure when what is shown is not a key
   */
  KeyRing.@Nullable Key shownKey(HttpServerRequest request) {
    if (!keys.required()) {
      return keys.anonymous();
    }
    String header = request.getHeader("authorization");
    if (header == null || header.isBlank()) {
      return null;
    }
    Matcher bearer = BEARER.matcher(header);
    KeyRing.Key key = bearer.matches() ? keys.find(bearer.group(1)) : null;
    if (key == null) {
      throw Problem.BAD_KEY.asException();
    }
    return key;
  }

  /** Who calls where nobody has to say so; null: nobody that is known here. */
  @Nullable Caller callerIfAny(HttpServerRequest request) {
    try {
      KeyRing.Key key = shownKey(request);
      return key == null ? null : key.caller();
    } catch (Problem.Failure unknown) {
      return null;
    }
  }

  /** Whether the page that calls, if a page does, may. */
  boolean mayCallFromItsPage(HttpServerRequest request) {
    List<String> origins = request.headers().getAll("origin");
    return origins.stream()
        .allMatch(
            origin ->
                isSameOrigin(request, origin) || allowedOrigins.contains(normalOrigin(origin)));
  }

  private boolean isSameOrigin(HttpServerRequest request, String origin) {
    return peer(request).origin().equals(normalOrigin(origin));
  }

  /** The origins besides our own that may call and frame the page. */
  Set<String> allowedOrigins() {
    return allowedOrigins;
  }

  Peer peer(HttpServerRequest request) {
    return Peer.of(request, proxies);
  }
}
