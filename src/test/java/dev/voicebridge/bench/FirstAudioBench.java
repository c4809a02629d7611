package dev.voicebridge.bench;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * From the commit to the first audio, through the bridge and straight from the same service, on
 * sessions whose upstream is open; the two take turns, commit by commit.
 */
public final class FirstAudioBench {
  private static final int CHUNK_MS = 100;
  private static final int CHUNKS = 3;
  private static final int ANSWER_SECONDS = 30;

  private final int sessions;
  private final int rounds;
  private final long gapMicros;
  private final Speech speech = new Speech(CHUNK_MS);
  private final LongAdder pcmBytes = new LongAdder();

  private FirstAudioBench(int sessions, int rounds, long gapMicros) {
    this.sessions = sessions;
    this.rounds = rounds;
    this.gapMicros = gapMicros;
  }

  /**
   * @param arguments {@code --sessions 200 --rounds 10 --warm-up 10 --gap-us 2500} (time between
   *     commits), {@code --jar target/voicebridge.jar} instead of the compiled classes
   */
  public static void main(String[] arguments) throws Exception {
    Arguments given = new Arguments(arguments);
    FirstAudioBench bench =
        new FirstAudioBench(
            given.number("sessions", 200),
            given.number("rounds", 10),
            given.number("gap-us", 2_500));
    int warmUp = given.number("warm-up", 10);
    String jar = given.text("jar");
    given.refuseOthers();
    bench.run(warmUp, jar);
  }

  private void run(int warmUpRounds, String jar) throws Exception {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try (Peers peers = new Peers()) {
      Peers.Peer service = peers.service(CHUNK_MS);
      Peers.Peer bridge = peers.bridge(service, jar, List.of());
      List<Listener> direct = open(loop, Listener.Wire.QWEN, service);
      List<Listener> bridged = open(loop, Listener.Wire.BRIDGE, bridge);
      List<Long> directNanos = new ArrayList<>();
      List<Long> bridgedNanos = new ArrayList<>();
      for (int round = 0; round < warmUpRounds; round++) {
        round(direct, bridged, new ArrayList<>(), new ArrayList<>());
      }
      for (int round = 0; round < rounds; round++) {
        round(direct, bridged, directNanos, bridgedNanos);
      }
      say("%d sessions each way, %d rounds, every byte verified", sessions, rounds);
      report("direct", directNanos);
      report("bridge", bridgedNanos);
      say(
          "the bridge's median is %.3f ms later; target 1 ms",
          ms(bridgedNanos, 0.5) - ms(directNanos, 0.5));
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
    }
  }

  private List<Listener> open(EventLoopGroup loop, Listener.Wire wire, Peers.Peer peer)
      throws Exception {
    List<Listener> listeners = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      listeners.add(
          Listener.open(loop, wire, peer.port(), speech, pcmBytes)
              .get(ANSWER_SECONDS, TimeUnit.SECONDS));
    }
    return listeners;
  }

  private void round(
      List<Listener> direct,
      List<Listener> bridged,
      List<Long> directNanos,
      List<Long> bridgedNanos)
      throws Exception {
    Speech.Order order = new Speech.Order(Speech.Shape.STANDARD, CHUNKS, 0);
    List<CompletableFuture<Long>> fromService = new ArrayList<>();
    List<CompletableFuture<Long>> fromBridge = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      fromService.add(direct.get(i).speak(order));
      TimeUnit.MICROSECONDS.sleep(gapMicros);
      fromBridge.add(bridged.get(i).speak(order));
      TimeUnit.MICROSECONDS.sleep(gapMicros);
    }
    for (int i = 0; i < sessions; i++) {
      directNanos.add(fromService.get(i).get(ANSWER_SECONDS, TimeUnit.SECONDS));
      bridgedNanos.add(fromBridge.get(i).get(ANSWER_SECONDS, TimeUnit.SECONDS));
    }
  }

  private static void report(String name, List<Long> nanos) {
    say(
        "%s: commit to first audio, median %.3f ms, p99 %.3f ms, longest %.3f ms",
        name, ms(nanos, 0.5), ms(nanos, 0.99), ms(nanos, 1));
  }

  private static double ms(List<Long> nanos, double part) {
    return Statistics.quantile(nanos, part) / 1e6;
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
