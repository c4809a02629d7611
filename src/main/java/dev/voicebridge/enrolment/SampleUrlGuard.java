package dev.voicebridge.enrolment;

import dev.voicebridge.net.Addresses;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a sample from a stranger's URL without being led inside. Every address that the name has
 * is judged, and the connection goes to one that was judged, so a name that changes between check
 * and use changes nothing; every redirect begins anew. One per event loop; keep it in a field.
 */
public final class SampleUrlGuard {
  private static final int MAX_REDIRECTS = 3;
  private static final int MAX_URL = 4096;

  /** Names to addresses; all of them. */
  public interface Resolver {
    /** May fail; never blocks the event loop. */
    Future<List<InetAddress>> resolve(String host);
  }

  /**
   * @param within for everything together, redirects too
   * @param maxBytes of the sample
   */
  public record Bounds(Duration within, int maxBytes) {
    /** The vendors' 10 MB. */
    public static final Bounds DEFAULTS = new Bounds(Duration.ofSeconds(30), 10 * 1024 * 1024);
  }

  private final Vertx vertx;
  private final HttpClient client;
  private final Resolver resolver;
  private final Set<String> allowed;
  private final Bounds bounds;

  /**
   * @param allowed {@code host:port} pairs of {@code VOICEBRIDGE_SAMPLE_HOSTS} that may have a
   *     private address; never one of a metadata service
   */
  public SampleUrlGuard(Vertx vertx, Set<String> allowed, Bounds bounds, Resolver resolver) {
    this.vertx = vertx;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(false).setDecompressionSupported(false));
    this.allowed =
        allowed.stream()
            .map(pair -> pair.strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    this.bounds = bounds;
    this.resolver = resolver;
  }

  /** With the system's resolver, on a worker thread. */
  public SampleUrlGuard(Vertx vertx, Set<String> allowed) {
    this(
        vertx,
        allowed,
        Bounds.DEFAULTS,
        host -> vertx.executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false));
  }

  /**
   * Only looks where the URL leads, and fetches nothing: for a URL that a vendor will fetch.
   *
   * @return fails with an {@link EnrolmentException}
   */
  public Future<Void> check(String url) {
    Promise<Void> checked = Promise.promise();
    long timer =
        vertx.setTimer(bounds.within().toMillis(), late -> checked.tryFail(refusal("url_timeout")));
    target(url)
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              if (done.succeeded()) {
                checked.tryComplete();
              } else {
                checked.tryFail(done.cause());
              }
            });
    return checked.future();
  }

  /**
   * @return the bytes of a 200; fails with an {@link EnrolmentException} whose code begins with
   *     {@code url_}
   */
  public Future<Buffer> fetch(String url) {
    Promise<Buffer> fetched = Promise.promise();
    Context context = vertx.getOrCreateContext();
    context.runOnContext(start -> new Fetch(fetched).start(url));
    return fetched.future();
  }

  /** A URL and the very address to connect to. */
  private record Target(URI uri, String host, int port, InetAddress address) {}

  private Future<Target> target(String url) {
    URI uri;
    try {
      uri = url.length() > MAX_URL ? null : new URI(url);
    } catch (java.net.URISyntaxException e) {
      uri = null;
    }
    String host = uri == null ? null : uri.getHost();
    String scheme = uri == null || uri.getScheme() == null ? "" : uri.getScheme();
    boolean secure = scheme.equalsIgnoreCase("https");
    if (uri == null
        || host == null
        || uri.getRawUserInfo() != null
        || !(secure || scheme.equalsIgnoreCase("http"))
        || uri.getPort() == 0
        || uri.getPort() > 65535) {
      return Future.failedFuture(refusal("url_malformed"));
    }
    URI parsed = uri;
    int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    if (bare.contains("%")) {
      // A zone: an address of this link, whatever it looks like.
      return Future.failedFuture(refusal("url_forbidden_address"));
    }
    String name = bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
    boolean mayBePrivate =
        allowed.contains((name + ":" + port).toLowerCase(Locale.ROOT))
            || allowed.contains((host + ":" + port).toLowerCase(Locale.ROOT));
    return resolver
        .resolve(name)
        .recover(failure -> Future.failedFuture(refusal("url_unresolvable")))
        .compose(
            addresses -> {
              if (addresses.isEmpty()) {
                return Future.failedFuture(refusal("url_unresolvable"));
              }
              for (InetAddress address : addresses) {
                if (!Addresses.reachable(address, mayBePrivate)) {
                  return Future.failedFuture(refusal("url_forbidden_address"));
                }
              }
              return Future.succeededFuture(new Target(parsed, name, port, addresses.get(0)));
            });
  }

  /** No address in it: what lies inside is nobody's business outside. */
  private static EnrolmentException refusal(String code) {
    return new EnrolmentException(Diagnosis.named(code), false);
  }

  private final class Fetch {
    private final Promise<Buffer> fetched;
    private final long timer;
    private int redirects;
    private boolean over;

    /** Null between hops. */
    private @Nullable HttpClientRequest request;

    Fetch(Promise<Buffer> fetched) {
      this.fetched = fetched;
      this.timer = vertx.setTimer(bounds.within().toMillis(), late -> fail(refusal("url_timeout")));
    }

    void start(String url) {
      target(url)
          .onComplete(
              checked -> {
                if (over) {
                  return;
                }
                if (checked.failed()) {
                  fail(checked.cause());
                } else {
                  connect(checked.result());
                }
              });
    }

    private void connect(Target target) {
      boolean secure = target.uri().getScheme().equalsIgnoreCase("https");
      String path = target.uri().getRawPath();
      String query = target.uri().getRawQuery();
      RequestOptions options =
          new RequestOptions()
              .setMethod(HttpMethod.GET)
              // The address that was judged; the name is for the Host header and the certificate.
              .setServer(
                  SocketAddress.inetSocketAddress(
                      new InetSocketAddress(target.address(), target.port())))
              .setHost(target.host())
              .setPort(target.port())
              .setSsl(secure)
              .setURI(
                  (path == null || path.isEmpty() ? "/" : path)
                      + (query == null ? "" : "?" + query))
              .setFollowRedirects(false)
              .setConnectTimeout(bounds.within().toMillis());
      client
          .request(options)
          .onComplete(
              connected -> {
                if (over) {
                  if (connected.succeeded()) {
                    connected.result().reset();
                  }
                } else if (connected.failed()) {
                  fail(refusal("url_unreachable"));
                } else {
                  ask(connected.result(), target);
                }
              });
    }

    private void ask(HttpClientRequest connected, Target target) {
      request = connected;
      connected.exceptionHandler(
          gone -> {
            // After a redirect this request is reset, and nobody cares.
            if (request == connected) {
              fail(refusal("url_unreachable"));
            }
          });
      connected
          .response()
          .onComplete(
              came -> {
                if (over || request != connected) {
                  return;
                }
                if (came.failed()) {
                  fail(refusal("url_unreachable"));
                } else {
                  receive(connected, came.result(), target);
                }
              });
      connected.putHeader("Accept", "audio/*, */*;q=0.5").end();
    }

    private void receive(HttpClientRequest connected, HttpClientResponse response, Target target) {
      response.exceptionHandler(
          cut -> {
            // After a redirect this answer is dropped, and nobody cares.
            if (request == connected) {
              fail(refusal("url_unreachable"));
            }
          });
      int status = response.statusCode();
      if (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) {
        String location = response.getHeader("Location");
        request = null;
        connected.reset();
        redirect(target, location);
        return;
      }
      if (status != 200) {
        fail(
            new EnrolmentException(
                Diagnosis.named("url_status", new JsonObject().put("http_status", status)), false));
        return;
      }
      Buffer body = Buffer.buffer();
      response.handler(
          part -> {
            if (over) {
              return;
            }
            if (body.length() + part.length() > bounds.maxBytes()) {
              fail(refusal("url_too_large"));
            } else {
              body.appendBuffer(part);
            }
          });
      response.endHandler(
          end -> {
            if (finish()) {
              fetched.complete(body);
            }
          });
    }

    private void redirect(Target from, @Nullable String location) {
      if (++redirects > MAX_REDIRECTS) {
        fail(refusal("url_too_many_redirects"));
        return;
      }
      if (location == null) {
        fail(refusal("url_malformed"));
        return;
      }
      String next;
      try {
        next = from.uri().resolve(location).toString();
      } catch (IllegalArgumentException e) {
        fail(refusal("url_malformed"));
        return;
      }
      start(next);
    }

    private void fail(Throwable cause) {
      if (finish()) {
        if (request != null) {
          request.reset();
        }
        fetched.fail(cause);
      }
    }

    private boolean finish() {
      if (over) {
        return false;
      }
      over = true;
      vertx.cancelTimer(timer);
      return true;
    }
  }
}
