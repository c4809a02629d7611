package dev.voicebridge.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every meter of the process. Any thread. What is called per frame adds to a field; only what
 * happens once per session, response or request looks a tag up.
 *
 * <p>Tag values come from closed sets (close codes, statuses, kinds, route names), never from a
 * caller.
 */
public final class Metrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private final AtomicInteger sessionsOpen = new AtomicInteger();
  private final AtomicInteger speechOpen = new AtomicInteger();
  private final Counter sessionsOpened =
      Counter.builder("voicebridge.sessions.opened")
          .description("Sessions that were opened")
          .register(registry);
  private final Counter audioBytes =
      Counter.builder("voicebridge.audio")
          .baseUnit("bytes")
          .description("Audio handed to clients, before framing")
          .register(registry);
  private final Counter oddBytes =
      Counter.builder("voicebridge.audio.odd")
          .baseUnit("bytes")
          .description("Half samples at the end of a response that were dropped")
          .register(registry);
  private final Counter fastDeltas = deltas("fast");
  private final Counter parsedDeltas = deltas("parsed");
  private final DistributionSummary firstAudio =
      DistributionSummary.builder("voicebridge.first.audio")
          .baseUnit("milliseconds")
          .description("From commit to the first audio, queueing included")
          .serviceLevelObjectives(50, 100, 200, 300, 500, 800, 1_200, 2_000, 5_000, 10_000)
          .register(registry);

  private final DistributionSummary firstToken =
      DistributionSummary.builder("voicebridge.llm.first.token")
          .baseUnit("milliseconds")
          .description("From asking the language model to the first text of its answer")
          .serviceLevelObjectives(100, 200, 300, 500, 800, 1_200, 2_000, 5_000, 10_000)
          .register(registry);

  public Metrics() {
    Gauge.builder("voicebridge.sessions.open", sessionsOpen, AtomicInteger::get)
        .description("Sessions open now")
        .register(registry);
    Gauge.builder("voicebridge.speech.open", speechOpen, AtomicInteger::get)
        .description("Speech requests over HTTP that are being answered")
        .register(registry);
  }

  private Counter deltas(String path) {
    return Counter.builder("voicebridge.upstream.deltas")
        .description("Audio deltas from upstream, by the path that read them")
        .tag("path", path)
        .register(registry);
  }

  /**
   * @param fromMemory whether the store of voices is away
   */
  public void library(BooleanSupplier fromMemory) {
    Gauge.builder("voicebridge.library.from.memory", () -> fromMemory.getAsBoolean() ? 1 : 0)
        .description("1: the store of voices is away, look-ups are answered from memory")
        .register(registry);
  }

  public void sessionOpened() {
    sessionsOpen.incrementAndGet();
    sessionsOpened.increment();
  }

  /**
   * @param code the WebSocket close code
   */
  public void sessionClosed(int code) {
    sessionsOpen.decrementAndGet();
    Counter.builder("voicebridge.sessions.closed")
        .description("Sessions that were closed, by close code")
        .tag("code", Integer.toString(code))
        .register(registry)
        .increment();
  }

  /** A socket that was upgraded only to be told why not. */
  public void sessionRefused(int code) {
    Counter.builder("voicebridge.sessions.refused")
        .description("Sockets refused at the door, by close code")
        .tag("code", Integer.toString(code))
        .register(registry)
        .increment();
  }

  /**
   * @param status {@code completed}, {@code cancelled}, {@code failed} or {@code incomplete}
   */
  public void responseDone(String status) {
    Counter.builder("voicebridge.responses")
        .description("Responses that ended, by status")
        .tag("status", status)
        .register(registry)
        .increment();
  }

  public void firstAudio(long ms) {
    firstAudio.record((double) ms);
  }

  /**
   * @param outcome {@code completed}, {@code failed} or {@code cancelled}
   */
  public void chatDone(String outcome) {
    Counter.builder("voicebridge.llm.requests")
        .description("Requests to the language model that ended, by outcome")
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  public void firstToken(long ms) {
    firstToken.record((double) ms);
  }

  /**
   * @param input as the service counts; null: it did not say
   * @param output likewise
   */
  public void chatTokens(@Nullable Integer input, @Nullable Integer output) {
    tokens("input", input);
    tokens("output", output);
  }

  private void tokens(String direction, @Nullable Integer count) {
    if (count != null) {
      Counter.builder("voicebridge.llm.tokens")
          .description("Tokens that the language model counted")
          .tag("direction", direction)
          .register(registry)
          .increment(count);
    }
  }

  public void speechOpened() {
    speechOpen.incrementAndGet();
  }

  /**
   * @param format its wire name
   * @param outcome {@code completed}, {@code failed} or {@code abandoned}
   */
  public void speechClosed(String format, String outcome) {
    speechOpen.decrementAndGet();
    Counter.builder("voicebridge.speech.requests")
        .description("Speech requests over HTTP that ended, by format and outcome")
        .tag("format", format)
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  /** Per frame. */
  public void audioSent(int bytes) {
    audioBytes.increment(bytes);
  }

  public void oddByteDropped() {
    oddBytes.increment();
  }

  /**
   * Per frame.
   *
   * @param fast whether the scan for the known event shape was enough
   */
  public void delta(boolean fast) {
    (fast ? fastDeltas : parsedDeltas).increment();
  }

  /**
   * @param dialect the dialect's name, lower case
   */
  public void upstreamOpened(String dialect) {
    Counter.builder("voicebridge.upstream.opened")
        .description("Upstream sessions that were accepted")
        .tag("dialect", dialect)
        .register(registry)
        .increment();
  }

  /**
   * @param kind the kind of the failure, one of a closed set
   */
  public void upstreamFailed(String kind) {
    Counter.builder("voicebridge.upstream.failures")
        .description("Upstream failures, by kind")
        .tag("kind", kind)
        .register(registry)
        .increment();
  }

  /**
   * @param provider the provider's name, one of a closed set
   * @param outcome what became of the order, one of a closed set
   */
  public void enrolment(String provider, String outcome) {
    Counter.builder("voicebridge.enrolments")
        .description("Clones, designs and new samples that were ordered, by what became of them")
        .tag("provider", provider)
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  /**
   * @param provider the provider's name, one of a closed set
   * @param state the voices' state, one of a closed set
   * @param count asked at every scrape, on any thread
   */
  public void voices(String provider, String state, Supplier<Number> count) {
    Gauge.builder("voicebridge.voices", count)
        .description("Voices of the configured accounts, as this instance knows them")
        .tag("provider", provider)
        .tag("state", state)
        .register(registry);
  }

  /**
   * @param route the name of the route, not the path that was asked for
   */
  public void httpRequest(String route, int status, Duration took) {
    Timer.builder("voicebridge.http.requests")
        .description("HTTP answers, by route and status")
        .tag("route", route)
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(took);
  }

  /** The Prometheus text of all meters. */
  public String scrape() {
    return registry.scrape();
  }
}
