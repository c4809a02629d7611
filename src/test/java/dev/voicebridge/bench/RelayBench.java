package dev.voicebridge.bench;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * CPU of the bridge per second of relayed audio at live pace, next to nginx that passes the same
 * stream through; then the share of deltas that took the fast path.
 */
public final class RelayBench {
  private static final int LEAD_IN_MS = 1_500;
  private static final int LEAD_OUT_MS = 1_000;
  private static final int ANSWER_SECONDS = 60;
  private static final int SHAPE_SESSIONS = 20;
  private static final int SHAPE_CHUNKS = 50;

  private final int sessions;
  private final int rounds;
  private final int seconds;
  private final int warmUpSeconds;
  private final Speech speech;

  private RelayBench(int sessions, int rounds, int seconds, int warmUpSeconds, Speech speech) {
    this.sessions = sessions;
    this.rounds = rounds;
    this.seconds = seconds;
    this.warmUpSeconds = warmUpSeconds;
    this.speech = speech;
  }

  /**
   * @param arguments {@code --sessions 500 --rounds 5 --seconds 10 --warm-up 25 --chunk-ms 100},
   *     {@code --jar target/voicebridge.jar} instead of the compiled classes, {@code --against
   *     DIR,…} classes of other builds that take part, {@code --flags "-XX:…"} more flags for the
   *     JVM of the bridge, not of the other build
   */
  public static void main(String[] arguments) throws Exception {
    Arguments given = new Arguments(arguments);
    RelayBench bench =
        new RelayBench(
            given.number("sessions", 500),
            given.number("rounds", 5),
            given.number("seconds", 10),
            given.number("warm-up", 25),
            new Speech(given.number("chunk-ms", 100)));
    String jar = given.text("jar");
    String against = given.text("against");
    String flags = given.text("flags");
    given.refuseOthers();
    bench.run(jar, against, flags == null ? List.of() : List.of(flags.split(" ", -1)));
  }

  /** One of the two that are compared. */
  private static final class Contender {
    private final String name;
    private final Peers.Peer peer;
    private final LongAdder pcmBytes = new LongAdder();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Double> costs = new ArrayList<>();

    Contender(String name, Peers.Peer peer) {
      this.name = name;
      this.peer = peer;
    }
  }

  private void run(String jar, String against, List<String> flags) throws Exception {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try (Peers peers = new Peers()) {
      Peers.Peer service = peers.service(speech.chunkMs());
      Contender bridge = new Contender("bridge", peers.bridge(service, jar, flags));
      List<Contender> contenders = new ArrayList<>(List.of(bridge));
      Optional<Peers.Peer> nginx = peers.nginx(service);
      nginx.ifPresent(peer -> contenders.add(0, new Contender("nginx", peer)));
      if (against != null) {
        for (String classes : against.split(",", -1)) {
          contenders.add(new Contender(classes, peers.otherBridge(service, classes)));
        }
      }
      say(
          "%d sessions × %d ms chunks at live pace, %d rounds of %d s, one event loop, one worker",
          sessions, speech.chunkMs(), rounds, seconds);
      for (Contender contender : contenders) {
        boolean passesThrough = contender.name.equals("nginx");
        open(contender, loop, passesThrough ? Listener.Wire.QWEN : Listener.Wire.BRIDGE);
        if (!passesThrough) {
          // The compiler of the JVM is busy long after everything runs.
          warmUp(contender);
        }
      }
      for (Contender contender : contenders) {
        // Round 0 is not counted: the compiler looks again at what happens between responses.
        measure(contender);
      }
      for (int round = 1; round <= rounds; round++) {
        StringBuilder line = new StringBuilder("round " + round + ":");
        for (int i = 0; i < contenders.size(); i++) {
          // Who goes first changes, so that a drift of the machine is shared.
          Contender contender = contenders.get((i + round) % contenders.size());
          double cost = measure(contender);
          contender.costs.add(cost);
          line.append(String.format(Locale.ROOT, "  %s %.4f", contender.name, cost));
        }
        say("%s  ms CPU per second of audio", line);
      }
      report(bridge, contenders);
      for (Speech.Shape shape : Speech.Shape.values()) {
        say("fast path, deltas in %s shape: %.1f %%", shape, 100 * fastShare(bridge, shape));
      }
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
    }
  }

  private void open(Contender contender, EventLoopGroup loop, Listener.Wire wire) throws Exception {
    for (int i = 0; i < sessions; i++) {
      contender.listeners.add(
          Listener.open(loop, wire, contender.peer.port(), speech, contender.pcmBytes)
              .get(ANSWER_SECONDS, TimeUnit.SECONDS));
    }
  }

  /** At twice the pace, which the lead allows for that long. */
  private void warmUp(Contender contender) throws Exception {
    int everyMicros = speech.chunkMs() * 1000 / 2;
    int chunks = Math.max(1, warmUpSeconds * 1_000_000 / everyMicros);
    await(speak(contender, new Speech.Order(Speech.Shape.STANDARD, chunks, everyMicros)));
  }

  /** The cost in ms of CPU per second of audio. */
  private double measure(Contender contender) throws Exception {
    int totalMs = LEAD_IN_MS + seconds * 1000 + LEAD_OUT_MS;
    CompletableFuture<?> all =
        speak(
            contender,
            new Speech.Order(
                Speech.Shape.STANDARD, totalMs / speech.chunkMs(), speech.chunkMs() * 1000));
    TimeUnit.MILLISECONDS.sleep(LEAD_IN_MS);
    long bytesBefore = contender.pcmBytes.sum();
    double cpuBefore = contender.peer.cpuSeconds();
    TimeUnit.SECONDS.sleep(seconds);
    double cpu = contender.peer.cpuSeconds() - cpuBefore;
    double audioSeconds =
        (contender.pcmBytes.sum() - bytesBefore) / (double) Speech.BYTES_PER_SECOND;
    await(all);
    if (audioSeconds < 0.95 * sessions * seconds) {
      say("%s fell behind: %.0f s of audio in %d s", contender.name, audioSeconds, seconds);
    }
    return 1000 * cpu / audioSeconds;
  }

  private static CompletableFuture<?> speak(Contender contender, Speech.Order order) {
    return CompletableFuture.allOf(
        contender.listeners.stream()
            .map(listener -> listener.speak(order))
            .toArray(CompletableFuture[]::new));
  }

  private static void await(CompletableFuture<?> all) throws Exception {
    all.get(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  private void report(Contender bridge, List<Contender> contenders) {
    for (Contender contender : contenders) {
      say(
          "%s: median %.4f (%.4f–%.4f) ms CPU per second of audio, every byte verified",
          contender.name,
          Statistics.quantile(contender.costs, 0.5),
          Statistics.quantile(contender.costs, 0),
          Statistics.quantile(contender.costs, 1));
    }
    Contender reference = contenders.get(0);
    if (reference == bridge) {
      say("nginx is not installed: no comparison");
      return;
    }
    for (Contender contender : contenders.subList(1, contenders.size())) {
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        ratios.add(contender.costs.get(i) / reference.costs.get(i));
      }
      say(
          "%s: %.2f × nginx (of the medians), %.2f (median of the rounds, %.2f–%.2f); target 1.6",
          contender.name,
          Statistics.quantile(contender.costs, 0.5) / Statistics.quantile(reference.costs, 0.5),
          Statistics.quantile(ratios, 0.5),
          Statistics.quantile(ratios, 0),
          Statistics.quantile(ratios, 1));
    }
  }

  private double fastShare(Contender bridge, Speech.Shape shape) throws Exception {
    Map<String, Double> before = Peers.deltas(bridge.peer);
    await(
        CompletableFuture.allOf(
            bridge.listeners.stream()
                .limit(SHAPE_SESSIONS)
                .map(listener -> listener.speak(new Speech.Order(shape, SHAPE_CHUNKS, 0)))
                .toArray(CompletableFuture[]::new)));
    Map<String, Double> after = Peers.deltas(bridge.peer);
    double fast = after.get("fast") - before.get("fast");
    double parsed = after.get("parsed") - before.get("parsed");
    return fast / (fast + parsed);
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
