package dev.voicebridge.http;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies into memory, and nowhere else: a sample never touches the disk. What a body may take
 * is known before any of it is kept, and only so many large ones are held at once. One per event
 * loop.
 */
final class Bodies {
  /** Ten megabytes of audio in base64, and something beside them. */
  static final int MAX_JSON_BYTES = 15 << 20;

  /** Ten megabytes of audio as they are. */
  static final int MAX_FORM_BYTES = 11 << 20;

  /** Bodies up to here are not counted. */
  static final int SMALL_BYTES = 64 << 10;

  /** Large bodies that one event loop holds at once, until their answers are written. */
  static final int MAX_AT_ONCE = 8;

  private static final int MAX_SECONDS = 60;
  private static final int RETRY_SECONDS = 5;
  private static final int MAX_PARTS = 64;
  private static final int MAX_BOUNDARY = 70;
  private static final Pattern BOUNDARY =
      Pattern.compile(";\\s*boundary=(?:\"([^\"]+)\"|([^;\\s]+))", Pattern.CASE_INSENSITIVE);

  private final Vertx vertx;

  /** Large bodies in memory now. Event loop only. */
  private int held;

  Bodies(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * The body, JSON or a form. To be called before anything asynchronous; completes on the event
   * loop, fails with a {@link Problem.Failure}.
   */
  Future<Body> read(RoutingContext ctx) {
    return switch (mediaType(ctx.request())) {
      case "application/json" ->
          bytes(ctx, MAX_JSON_BYTES)
              .compose(
                  bytes ->
                      // Megabytes of base64 would hold up every voice on this loop.
                      bytes.length() <= SMALL_BYTES
                          ? Future.succeededFuture(Body.ofJson(bytes))
                          : vertx.executeBlocking(() -> Body.ofJson(bytes), false));
      case "multipart/form-data" -> form(ctx);
      default -> refused(Problem.MEDIA_TYPE.asException());
    };
  }

  /** A small JSON object. As {@link #read}. */
  Future<Body> readSmall(RoutingContext ctx) {
    return mediaType(ctx.request()).equals("application/json")
        ? bytes(ctx, SMALL_BYTES).map(Body::ofJson)
        : refused(Problem.MEDIA_TYPE.about("The body must be application/json.", null));
  }

  private static <T> Future<T> refused(Problem.Failure why) {
    return Future.failedFuture(why);
  }

  private static String mediaType(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    return type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
  }

  private static long declaredLength(HttpServerRequest request) {
    String length = request.getHeader("content-length");
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException impossible) {
      return Long.MAX_VALUE;
    }
  }

  private static Problem.Failure tooLarge(int limit) {
    return Problem.TOO_LARGE
        .about("The body is larger than " + (limit >> 10) + " KiB.", null)
        .inChinese("请求体超过 " + (limit >> 10) + " KiB。");
  }

  /** Null: it may be read. */
  private Problem.@Nullable Failure admit(RoutingContext ctx, int limit) {
    long length = declaredLength(ctx.request());
    if (length > limit) {
      return tooLarge(limit);
    }
    if (limit > SMALL_BYTES && (length < 0 || length > SMALL_BYTES)) {
      if (held >= MAX_AT_ONCE) {
        return Problem.TOO_MANY
            .about("Too many uploads at once; try again later.", null)
            .inChinese("同时上传的请求过多，请稍后再试。")
            .retryAfter(RETRY_SECONDS);
      }
      held++;
      ctx.addEndHandler(done -> held--);
    }
    if ("100-continue".equalsIgnoreCase(ctx.request().getHeader("expect"))) {
      ctx.response().writeContinue();
    }
    return null;
  }

  /** A promise that fails when the body does not come to its end. */
  private <T> Promise<T> arriving(HttpServerRequest request) {
    Promise<T> read = Promise.promise();
    request.exceptionHandler(
        broken ->
            read.tryFail(
                Problem.BAD_REQUEST
                    .about("The body is broken, or ended too early.", null)
                    .inChinese("请求体损坏或不完整。")));
    long timer =
        vertx.setTimer(
            TimeUnit.SECONDS.toMillis(MAX_SECONDS),
            late -> read.tryFail(Problem.TOO_SLOW.asException().inChinese("请求体未能及时传完。")));
    read.future().onComplete((AsyncResult<T> done) -> vertx.cancelTimer(timer));
    return read;
  }

  private Future<Buffer> bytes(RoutingContext ctx, int limit) {
    Problem.Failure against = admit(ctx, limit);
    if (against != null) {
      return refused(against);
    }
    HttpServerRequest request = ctx.request();
    Promise<Buffer> read = arriving(request);
    Buffer[] body = {Buffer.buffer()};
    request.handler(
        chunk -> {
          if (read.future().isComplete()) {
            body[0] = Buffer.buffer();
          } else if (body[0].length() + chunk.length() > limit) {
            read.tryFail(tooLarge(limit));
          } else {
            body[0].appendBuffer(chunk);
          }
        });
    request.endHandler(end -> read.tryComplete(body[0]));
    return read.future();
  }

  private Future<Body> form(RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    String boundary = boundary(request);
    if (boundary == null) {
      return refused(badForm("The form needs a boundary.", "表单缺少 boundary。", null));
    }
    Problem.Failure against = admit(ctx, MAX_FORM_BYTES);
    return against != null ? refused(against) : new Form(boundary).read(request);
  }

  private static @Nullable String boundary(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    Matcher matcher = BOUNDARY.matcher(type == null ? "" : type);
    if (!matcher.find()) {
      return null;
    }
    String boundary = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return boundary == null || boundary.length() > MAX_BOUNDARY ? null : boundary;
  }

  private static Problem.Failure badForm(String message, String chinese, @Nullable String param) {
    return Problem.BAD_REQUEST.about(message, param).inChinese(chinese);
  }

  /** One form on its way in. */
  private final class Form {
    private final byte[] closing;

    /** The latest bytes as they came, enough to see how the form ends. */
    private Buffer tail = Buffer.buffer();

    private Buffer file = Buffer.buffer();
    private @Nullable String fileType;
    private int parts;
    private int files;
    private long size;

    private Form(String boundary) {
      this.closing = ("--" + boundary + "--").getBytes(StandardCharsets.ISO_8859_1);
    }

    Future<Body> read(HttpServerRequest request) {
      Promise<Body> read = arriving(request);
      try {
        request.setExpectMultipart(true);
      } catch (RuntimeException refused) {
        return Bodies.refused(badForm("The form cannot be read.", "无法解析表单。", null));
      }
      request.uploadHandler(upload -> part(upload, read));
      // Beside the decoder: it takes a form without an end, and does not count.
      request.handler(
          chunk -> {
            size += chunk.length();
            if (size > MAX_FORM_BYTES) {
              read.tryFail(tooLarge(MAX_FORM_BYTES));
            }
            remember(chunk);
          });
      request.endHandler(end -> ended(request, read));
      return read.future().onFailure(why -> file = Buffer.buffer());
    }

    private void part(HttpServerFileUpload upload, Promise<Body> read) {
      if (!upload.name().equals("file")) {
        String name = shown(upload.name());
        read.tryFail(badForm("The file part is called file.", "文件字段名应为 file。", name));
      } else if (++files > 1) {
        read.tryFail(badForm("One file, please.", "只能上传一个文件。", "file"));
      }
      fileType = upload.contentType();
      upload.handler(
          chunk -> {
            if (!read.future().isComplete()) {
              file.appendBuffer(chunk);
            }
          });
    }

    private void remember(Buffer chunk) {
      int most = closing.length + 8;
      tail =
          chunk.length() >= most
              ? chunk.getBuffer(chunk.length() - most, chunk.length())
              : tail.appendBuffer(chunk);
      if (tail.length() > most) {
        tail = tail.getBuffer(tail.length() - most, tail.length());
      }
    }

    private boolean isClosed() {
      return tail.toString(StandardCharsets.ISO_8859_1)
          .contains(new String(closing, StandardCharsets.ISO_8859_1));
    }

    private void ended(HttpServerRequest request, Promise<Body> read) {
      if (!isClosed()) {
        read.tryFail(badForm("The form ended too early.", "表单不完整。", null));
        return;
      }
      JsonObject fields = new JsonObject();
      request
          .formAttributes()
          .forEach(
              part -> {
                parts++;
                Body.add(fields, part.getKey(), part.getValue());
              });
      if (parts > MAX_PARTS) {
        read.tryFail(badForm("The form has too many parts.", "表单字段过多。", null));
        return;
      }
      read.tryComplete(
          new Body(fields, files == 0 ? null : new Body.FilePart(file, fileType), true));
    }

    private static String shown(String name) {
      return name.length() <= 50 ? name : name.substring(0, 50);
    }
  }
}
