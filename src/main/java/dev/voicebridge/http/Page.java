package dev.voicebridge.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemException;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.MimeMapping;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * The files of {@code webroot}, from the working directory or from the class path. They carry an
 * {@code ETag} of their content and are asked for anew each time: instances of different age stand
 * behind one address, and file times say nothing across them.
 */
final class Page {
  private static final String ROOT = "webroot";
  private static final String CLIENT = "/client/";

  private final Vertx vertx;
  private final String contentSecurityPolicy;

  /** By the hash of what was packed: each file is packed once. */
  private final Cache<String, Buffer> gzipped = Caffeine.newBuilder().maximumSize(500).build();

  /**
   * @param framers origins besides our own that may frame the page
   */
  Page(Vertx vertx, Set<String> framers) {
    this.vertx = vertx;
    this.contentSecurityPolicy =
        String.join(
            "; ",
            "default-src 'self'",
            "connect-src 'self'", // WebSockets of this host included
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "worker-src 'self' blob:",
            "style-src 'self'",
            "script-src 'self'",
            Stream.concat(Stream.of("frame-ancestors 'self'"), framers.stream().sorted())
                .collect(Collectors.joining(" ")),
            "base-uri 'none'",
            "form-action 'self'");
  }

  void file(RoutingContext ctx) {
    String path = ctx.normalizedPath();
    if (path.contains("/.") || path.contains("\\") || path.indexOf('\0') >= 0) {
      throw Problem.NOT_FOUND.asException();
    }
    String file = path.endsWith("/") ? path + "index.html" : path;
    vertx
        .fileSystem()
        .readFile(ROOT + file)
        .onSuccess(content -> send(ctx, file, content))
        .onFailure(
            cause ->
                ctx.fail(
                    cause instanceof FileSystemException
                        ? Problem.NOT_FOUND.asException()
                        : cause));
  }

  private void send(RoutingContext ctx, String file, Buffer content) {
    String hash = hash(content);
    String type = contentType(file);
    boolean packed = type.contains("charset") && takesGzip(ctx);
    String etag = '"' + hash + (packed ? "-gzip\"" : "\"");
    HttpServerResponse response =
        ctx.response()
            .putHeader("etag", etag)
            .putHeader("cache-control", "no-cache")
            .putHeader("content-security-policy", contentSecurityPolicy)
            .putHeader("referrer-policy", "no-referrer")
            .putHeader("permissions-policy", "microphone=(self)")
            .putHeader("cross-origin-resource-policy", mayBeTakenBy(ctx, file));
    if (etag.equals(ctx.request().getHeader("if-none-match"))) {
      response.setStatusCode(304).end();
      return;
    }
    response.headers().add("vary", "accept-encoding");
    response.putHeader("content-type", type);
    if (packed) {
      response.putHeader("content-encoding", "gzip");
    }
    response.end(packed ? gzipped.get(hash, unknown -> gzip(content)) : content);
  }

  /** Every browser does; who gives it a weight of nothing means it. */
  private static boolean takesGzip(RoutingContext ctx) {
    return ctx.parsedHeaders().acceptEncoding().stream()
        .anyMatch(coding -> coding.value().equalsIgnoreCase("gzip") && coding.weight() > 0);
  }

  private static Buffer gzip(Buffer content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content.getBytes());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /** The client module is for other pages, too: those that {@link Access#origins} has let in. */
  private static String mayBeTakenBy(RoutingContext ctx, String file) {
    boolean letIn = ctx.response().headers().contains("access-control-allow-origin");
    return letIn && file.startsWith(CLIENT) ? "cross-origin" : "same-origin";
  }

  private static String contentType(String file) {
    String type = MimeMapping.mimeTypeForFilename(file);
    if (type == null) {
      return "application/octet-stream";
    }
    boolean text = type.startsWith("text/") || type.endsWith("javascript") || type.endsWith("json");
    return text ? type + "; charset=utf-8" : type;
  }

  private static String hash(Buffer content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest).substring(0, 22);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
