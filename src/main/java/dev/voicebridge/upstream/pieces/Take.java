package dev.voicebridge.upstream.pieces;

import dev.voicebridge.net.ErrorBody;
import dev.voicebridge.net.RetryAfter;
import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamException.Kind;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One request for one piece, and its answer; where the answer only points at the sound, the request
 * for that, too. What comes before its turn is held, up to a bound. Event loop only.
 */
final class Take {
  private static final int MOST_HELD_BYTES = 256 * 1024;

  /** A file of ten minutes at 24 kHz. */
  private static final long MOST_FILE_BYTES = 32 << 20;

  private static final int ATTEMPTS = 2;
  private static final long BACK_OFF_MS = 500;

  /** A connection whose answer ended before its body is not waited for longer. */
  private static final long LINGER_MS = 1_000;

  /** Who speaks does not wait longer than this for a second try. */
  private static final long LONGEST_RETRY_AFTER_MS = 3_000;

  private static final Pattern RATE = Pattern.compile("rate=\"?(\\d{4,5})");
  private static final List<String> REQUEST_IDS =
      List.of("x-siliconcloud-trace-id", "x-request-id");

  /** What becomes of it; nothing is called after {@link #stop()}. */
  interface Ear {
    /** There is sound, or an end, or a failure to be fetched. */
    void changed(Take take);

    /** Whether everything before it has been heard. */
    boolean isAwaited(Take take);
  }

  private final Vertx vertx;
  private final PieceService service;
  private final PieceService.@Nullable Order order;
  private final Pieces.Piece piece;
  private final Deadlines deadlines;
  private final Ear ear;
  private final Deque<Buffer> held = new ArrayDeque<>();
  private int heldBytes;
  private int hz;
  private int attempts;
  private boolean stopped;
  private boolean paused;
  private boolean begun;
  private boolean ended;
  private @Nullable UpstreamException failure;

  /** Counts requests: what comes for an older one is dead. */
  private int generation;

  /** Null between requests. */
  private Places.@Nullable Place place;

  /** Null until a connection stands. */
  private @Nullable HttpClientRequest request;

  /** Null until there is sound. */
  private @Nullable HttpClientResponse response;

  /** Null: the sound is in the answer itself, or nobody has said yet where it is. */
  private @Nullable String file;

  private long fileBytes;

  private boolean responsePaused;
  private boolean bodyEnded;
  private long timer = -1;
  private long heardNanos;
  private @Nullable Integer characters;
  private @Nullable String name;

  /**
   * @param order null: nothing to be said, it is over at once
   */
  Take(
      Vertx vertx,
      PieceService service,
      PieceService.@Nullable Order order,
      Pieces.Piece piece,
      Deadlines deadlines,
      Ear ear) {
    this.vertx = vertx;
    this.service = service;
    this.order = order;
    this.piece = piece;
    this.hz = order == null ? 0 : order.hz();
    this.deadlines = deadlines;
    this.ear = ear;
    this.ended = order == null;
  }

  Pieces.Piece piece() {
    return piece;
  }

  /** Whether sound has begun to come, so that the next may be asked for. */
  boolean hasBegun() {
    return begun || ended;
  }

  /** The rate of the sound, once there is some. */
  int hz() {
    return hz;
  }

  /** What the service counts; null: it has not said. */
  @Nullable Integer characters() {
    return characters;
  }

  /** How the service calls the request; null: it has not said. */
  @Nullable String name() {
    return name;
  }

  @Nullable Buffer poll() {
    Buffer next = held.poll();
    if (next != null) {
      heldBytes -= next.length();
      flow();
    }
    return next;
  }

  /** Whether nothing comes after what has been polled. */
  boolean isOver() {
    return ended && held.isEmpty();
  }

  /** Null: none, or there is still sound before it. */
  @Nullable UpstreamException failure() {
    return held.isEmpty() ? failure : null;
  }

  /** Lets it come no further, or again. */
  void paused(boolean pause) {
    paused = pause;
    flow();
  }

  private void flow() {
    HttpClientResponse from = response;
    boolean pause = paused || heldBytes > MOST_HELD_BYTES;
    if (from != null && pause != responsePaused && !ended && failure == null) {
      responsePaused = pause;
      if (pause) {
        from.pause();
      } else {
        heardNanos = System.nanoTime();
        from.resume();
      }
    }
  }

  /** Ends it now, connection and all. */
  void stop() {
    stopped = true;
    held.clear();
    heldBytes = 0;
    drop();
  }

  void start() {
    if (ended) {
      return;
    }
    attempts++;
    int mine = ++generation;
    Places.Place entered =
        service
            .places()
            .enter(
                vertx.getOrCreateContext(),
                () -> {
                  if (!isDead(mine)) {
                    vertx.cancelTimer(timer);
                    ask(mine);
                  }
                });
    if (entered == null) {
      fail(mine, tooBusy(), -1);
      return;
    }
    place = entered;
    if (entered.isAtOnce()) {
      ask(mine);
    } else {
      awaitPlace(mine);
    }
  }

  /** Who is not to be heard yet may wait for as long as those before it speak. */
  private void awaitPlace(int mine) {
    timer =
        vertx.setTimer(
            deadlines.connect().toMillis(),
            late -> {
              if (isDead(mine)) {
                return;
              }
              if (ear.isAwaited(this)) {
                fail(mine, tooBusy(), -1);
              } else {
                awaitPlace(mine);
              }
            });
  }

  private static UpstreamException tooBusy() {
    return new UpstreamException(Kind.RATE_LIMITED, "too many requests to this service wait here");
  }

  private void ask(int mine) {
    PieceService.Order what = order;
    if (what == null) {
      return;
    }
    if (file != null) {
      fetch(mine, file);
      return;
    }
    RequestOptions options;
    try {
      options =
          new RequestOptions()
              .setMethod(HttpMethod.POST)
              .setAbsoluteURI(what.url())
              .setFollowRedirects(false)
              .putHeader(HttpHeaders.CONTENT_TYPE, what.contentType())
              .putHeader(HttpHeaders.ACCEPT, what.accept().isEmpty() ? "*/*" : what.accept());
      if (what.stream()) {
        options.putHeader("X-DashScope-SSE", "enable");
      }
      if (!service.key().isEmpty()) {
        options.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + service.key());
      }
    } catch (RuntimeException unusable) {
      // Vert.x would quote the key.
      fail(mine, new UpstreamException(Kind.REFUSED, "the key cannot be sent"), -1);
      return;
    }
    awaitHead(mine);
    connect(mine, options, what.body());
  }

  private void fetch(int mine, String url) {
    awaitHead(mine);
    service
        .file(url)
        .onComplete(
            options -> {
              if (!isDead(mine)) {
                connect(mine, options, Buffer.buffer());
              }
            },
            refused ->
                fail(
                    mine,
                    refused instanceof UpstreamException said
                        ? said
                        : new UpstreamException(Kind.GARBAGE, "the sound cannot be fetched"),
                    -1));
  }

  private void awaitHead(int mine) {
    vertx.cancelTimer(timer);
    long patience = deadlines.connect().toMillis();
    timer =
        vertx.setTimer(
            patience,
            late ->
                fail(
                    mine,
                    new UpstreamException(
                        Kind.TIMEOUT, "the service did not answer within " + patience + " ms"),
                    -1));
  }

  private void connect(int mine, RequestOptions options, Buffer body) {
    service
        .client()
        .request(options)
        .onComplete(
            connected -> {
              if (connected.succeeded()) {
                if (isDead(mine)) {
                  connected.result().reset();
                } else {
                  send(mine, connected.result(), body);
                }
              } else if (connected.cause() instanceof ConnectionPoolTooBusyException) {
                fail(mine, tooBusy(), -1);
              } else {
                fail(
                    mine,
                    new UpstreamException(Kind.UNREACHABLE, "the service cannot be reached"),
                    -1);
              }
            });
  }

  private boolean isDead(int mine) {
    return stopped || mine != generation || failure != null || ended;
  }

  private void send(int mine, HttpClientRequest to, Buffer body) {
    request = to;
    to.exceptionHandler(gone -> cut(mine));
    to.response()
        .onComplete(
            answered -> {
              if (isDead(mine)) {
                return;
              }
              if (answered.failed()) {
                cut(mine);
              } else {
                receive(mine, answered.result());
              }
            });
    to.end(body);
  }

  private void cut(int mine) {
    fail(
        mine,
        new UpstreamException(Kind.CLOSED, "the service closed the connection before the end"),
        BACK_OFF_MS / 5);
  }

  private void receive(int mine, HttpClientResponse from) {
    from.exceptionHandler(gone -> cut(mine));
    for (String header : REQUEST_IDS) {
      if (file == null && from.getHeader(header) != null) {
        named(from.getHeader(header));
        break;
      }
    }
    String header = from.getHeader(HttpHeaders.CONTENT_TYPE);
    String type = header == null ? "" : header.toLowerCase(Locale.ROOT);
    Body hearing = new Body(mine);
    boolean good = from.statusCode() / 100 == 2;
    PieceService.Reading reading =
        !good ? null : file == null ? service.reading(type, hearing) : PieceService.plain(hearing);
    if (reading == null) {
      refused(mine, from);
      return;
    }
    Matcher rate = RATE.matcher(type);
    if (rate.find()) {
      int said = Integer.parseInt(rate.group(1));
      hz = said >= 8_000 && said <= 48_000 ? said : hz;
    }
    vertx.cancelTimer(timer);
    response = from;
    responsePaused = false;
    heardNanos = System.nanoTime();
    watch(mine, deadlines.connect().toMillis());
    from.handler(
        bytes -> {
          if (!isDead(mine)) {
            heardNanos = System.nanoTime();
            read(mine, () -> reading.add(bytes));
            flow();
          }
        });
    from.endHandler(
        end -> {
          if (mine == generation) {
            bodyEnded = true;
          }
          if (!isDead(mine)) {
            read(mine, reading::end);
          }
          if (mine == generation && (ended || failure != null)) {
            leave();
          }
        });
    flow();
  }

  private void read(int mine, Runnable reading) {
    try {
      reading.run();
    } catch (UpstreamException said) {
      fail(
          mine,
          said,
          said.kind() == Kind.CLOSED || said.kind() == Kind.RATE_LIMITED ? BACK_OFF_MS : -1);
    }
  }

  /** What the body of one request says. */
  private final class Body implements PieceService.Hearing {
    private final int mine;

    Body(int mine) {
      this.mine = mine;
    }

    @Override
    public void sound(Buffer bytes) {
      if (isDead(mine) || bytes.length() == 0) {
        return;
      }
      if (file != null) {
        fileBytes += bytes.length();
        if (fileBytes > MOST_FILE_BYTES) {
          throw new UpstreamException(
              Kind.GARBAGE, "the service made a file of more than " + MOST_FILE_BYTES + " bytes");
        }
      }
      begun = true;
      held.add(bytes);
      heldBytes += bytes.length();
      flow();
      ear.changed(Take.this);
    }

    @Override
    public void characters(int count) {
      characters = count;
    }

    @Override
    public void named(String request) {
      Take.this.named(request);
    }

    @Override
    public void elsewhere(String url) {
      if (!isDead(mine)) {
        file = url;
        attempts = 0;
        next(0);
      }
    }

    @Override
    public void done() {
      if (isDead(mine)) {
        return;
      }
      if (!begun) {
        throw new UpstreamException(Kind.CLOSED, "the service answered without sound");
      }
      vertx.cancelTimer(timer);
      ended = true;
      if (!bodyEnded) {
        // The end of the body is only a formality, but keeps the connection warm.
        flowOn();
        timer = vertx.setTimer(LINGER_MS, late -> drop());
      }
      ear.changed(Take.this);
    }
  }

  private void flowOn() {
    if (response != null && responsePaused) {
      responsePaused = false;
      response.resume();
    }
  }

  private void named(String request) {
    // It goes into a header of ours.
    if (request.length() <= 128 && request.matches("[\\x21-\\x7e]+")) {
      name = request;
    }
  }

  /** A service that lets us wait in the middle of a word does not come back. */
  private void watch(int mine, long inMs) {
    timer =
        vertx.setTimer(
            Math.max(1, inMs),
            due -> {
              long patience = deadlines.connect().toMillis();
              long silent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardNanos);
              if (isDead(mine)) {
                return;
              }
              if (responsePaused) {
                watch(mine, patience);
              } else if (silent >= patience) {
                fail(
                    mine,
                    new UpstreamException(
                        Kind.TIMEOUT, "the service sent nothing for " + patience + " ms"),
                    -1);
              } else {
                watch(mine, patience - silent);
              }
            });
  }

  private void refused(int mine, HttpClientResponse from) {
    int status = from.statusCode();
    ErrorBody.of(
        from,
        (said, ended) -> {
          if (ended && mine == generation) {
            bodyEnded = true;
          }
          UpstreamException why =
              file == null
                  ? service.refusal(status, said)
                  : new UpstreamException(
                      Kind.SERVICE,
                      "the sound that the service made cannot be fetched: HTTP " + status);
          fail(
              mine,
              why,
              RetryAfter.ms(
                  status,
                  from.getHeader(HttpHeaders.RETRY_AFTER),
                  BACK_OFF_MS,
                  LONGEST_RETRY_AFTER_MS));
        });
  }

  /**
   * @param retryMs after how long it is worth another try, unless there was sound; -1: never
   */
  private void fail(int mine, UpstreamException why, long retryMs) {
    if (isDead(mine)) {
      return;
    }
    if (retryMs >= 0 && !begun && attempts < ATTEMPTS) {
      next(Math.max(1, retryMs));
      return;
    }
    failure = why;
    drop();
    ear.changed(this);
  }

  /** Nothing of the present request counts any more, and another is made. */
  private void next(long inMs) {
    boolean answered = bodyEnded;
    int mine = ++generation;
    HttpClientRequest old = request;
    leave();
    request = null;
    response = null;
    responsePaused = false;
    bodyEnded = false;
    if (old != null && !answered) {
      old.reset();
    }
    Runnable again =
        () -> {
          if (!isDead(mine)) {
            start();
          }
        };
    if (inMs == 0) {
      again.run();
    } else {
      timer = vertx.setTimer(inMs, now -> again.run());
    }
  }

  /** Ends the connection, unless its answer is over. */
  private void drop() {
    HttpClientRequest old = request;
    boolean answered = bodyEnded;
    leave();
    request = null;
    response = null;
    if (old != null && !answered) {
      old.reset();
    }
  }

  private void leave() {
    vertx.cancelTimer(timer);
    Places.Place mine = place;
    place = null;
    if (mine != null) {
      mine.leave();
    }
  }
}
