package dev.voicebridge.bench;

import dev.voicebridge.RawExchange;
import dev.voicebridge.audio.AudioEncoder;
import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Encoders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code POST /v1/audio/speech}: how much later than the service's first audio its first byte
 * comes, as samples and as MP3 that is encoded here; whether every byte of many answers at once is
 * right; and what a long answer holds in memory while it is read slowly.
 */
public final class SpeechRequestBench {
  private static final int CHUNK_MS = 100;
  private static final int ANSWER_SECONDS = 120;

  /** What is read of a slow answer at once, and how often. */
  private static final int SIP_MS = 100;

  private static final Pattern HEAP =
      Pattern.compile("(?:total|new generation|tenured).*?used (\\d+)K");

  /** Nobody encodes for it: it has samples and nothing else. */
  private static final String MODEL = "qwen-tts-realtime";

  private enum Kind {
    PCM,
    MP3;

    String request(Speech.Order order) {
      return "{\"model\":\"%s\",\"voice\":\"Cherry\",\"input\":\"%s\",\"response_format\":\"%s\"}"
          .formatted(MODEL, order.text(), this == PCM ? "pcm" : "mp3");
    }
  }

  private final Speech speech = new Speech(CHUNK_MS);

  /** When the service wrote the first audio of the latest response. */
  private final AtomicLong firstAudioNanos = new AtomicLong();

  private SpeechRequestBench() {}

  /**
   * @param arguments {@code --rounds 5 --requests 100} (of each kind in a round), {@code --warm-up
   *     200}, {@code --at-once 200}, {@code --slow 20 --minutes 10} (slow readers, and what they
   *     are told), {@code --seconds 10} (how long they are watched), {@code --jar
   *     target/voicebridge.jar}
   */
  public static void main(String[] arguments) throws Exception {
    Arguments given = new Arguments(arguments);
    int rounds = given.number("rounds", 5);
    int requests = given.number("requests", 100);
    int warmUp = given.number("warm-up", 200);
    int atOnce = given.number("at-once", 200);
    int slow = given.number("slow", 20);
    int minutes = given.number("minutes", 10);
    int seconds = given.number("seconds", 10);
    String jar = given.text("jar");
    given.refuseOthers();
    SpeechRequestBench bench = new SpeechRequestBench();
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try (Peers peers = new Peers()) {
      Channel door =
          SyntheticQwen.open(loop, bench.speech, () -> firstAudio(bench.firstAudioNanos));
      int port = ((InetSocketAddress) door.localAddress()).getPort();
      Peers.Peer bridge =
          peers.bridge(new Peers.Peer(port, ProcessHandle.current().pid()), jar, List.of());
      bench.firstByte(bridge, rounds, requests, warmUp);
      bench.manyAtOnce(bridge, atOnce);
      if (slow > 0) {
        bench.slowReaders(bridge, slow, minutes, seconds);
      }
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
    }
  }

  private static void firstAudio(AtomicLong at) {
    at.set(System.nanoTime());
  }

  // -- the first byte -----------------------------------------------------------------------------

  private void firstByte(Peers.Peer bridge, int rounds, int requests, int warmUp) throws Exception {
    for (int i = 0; i < warmUp; i++) {
      for (Kind kind : Kind.values()) {
        later(bridge, kind);
      }
    }
    Map<Kind, List<Double>> all = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      all.put(kind, new ArrayList<>());
    }
    for (int round = 1; round <= rounds; round++) {
      StringBuilder line = new StringBuilder("round " + round + ":");
      Map<Kind, List<Double>> these = new EnumMap<>(Kind.class);
      for (int i = 0; i < requests; i++) {
        for (Kind kind : Kind.values()) {
          these.computeIfAbsent(kind, none -> new ArrayList<>()).add(later(bridge, kind));
        }
      }
      for (Kind kind : Kind.values()) {
        all.get(kind).addAll(these.get(kind));
        line.append(
            String.format(
                Locale.ROOT, "  %s %.3f ms", kind, Statistics.quantile(these.get(kind), 0.5)));
      }
      say("%s", line);
    }
    for (Kind kind : Kind.values()) {
      List<Double> ms = all.get(kind);
      say(
          "%s: first byte after the service's first audio, median %.3f ms, p90 %.3f ms, p99 %.3f ms"
              + " of %d; target 3 ms",
          kind,
          Statistics.quantile(ms, 0.5),
          Statistics.quantile(ms, 0.9),
          Statistics.quantile(ms, 0.99),
          ms.size());
    }
  }

  /** Milliseconds; the chunks come at five times the live pace, so that the first stands alone. */
  private double later(Peers.Peer bridge, Kind kind) throws IOException {
    Speech.Order order = new Speech.Order(Speech.Shape.STANDARD, 3, 20_000);
    try (RawExchange answer = RawExchange.speak(bridge.port(), kind.request(order))) {
      check(answer);
      byte[] first = answer.piece();
      long heard = System.nanoTime();
      if (first.length == 0) {
        throw new IOException("an empty answer");
      }
      double ms = (heard - firstAudioNanos.get()) / 1e6;
      answer.body();
      return ms;
    }
  }

  private static void check(RawExchange answer) throws IOException {
    if (answer.status() != 200) {
      throw new IOException(
          answer.status() + " " + new String(answer.body(), StandardCharsets.UTF_8));
    }
  }

  // -- many at once -------------------------------------------------------------------------------

  private void manyAtOnce(Peers.Peer bridge, int atOnce) throws Exception {
    int chunks = 30;
    Speech.Order order = new Speech.Order(Speech.Shape.STANDARD, chunks, CHUNK_MS * 1000 / 2);
    Map<Kind, byte[]> right = Map.of(Kind.PCM, pcm(chunks), Kind.MP3, mp3(chunks));
    ExecutorService callers = Executors.newFixedThreadPool(atOnce);
    try {
      double cpuBefore = bridge.cpuSeconds();
      long began = System.nanoTime();
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < atOnce; i++) {
        Kind kind = Kind.values()[i % 2];
        answers.add(
            callers.submit(
                () -> {
                  try (RawExchange answer = RawExchange.speak(bridge.port(), kind.request(order))) {
                    check(answer);
                    byte[] body = answer.body();
                    if (!Arrays.equals(right.get(kind), body)) {
                      throw new IllegalStateException(
                          "%s: %d bytes, expected %d, first difference at %d"
                              .formatted(
                                  kind,
                                  body.length,
                                  right.get(kind).length,
                                  Arrays.mismatch(right.get(kind), body)));
                    }
                    return body.length;
                  }
                }));
      }
      long bytes = 0;
      for (Future<Integer> answer : answers) {
        bytes += answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
      }
      say(
          "%d requests at once, %d s of speech each at twice the live pace: every byte of %.1f MB"
              + " right after %.1f s, %.1f s of CPU",
          atOnce,
          chunks * CHUNK_MS / 1000,
          bytes / 1e6,
          (System.nanoTime() - began) / 1e9,
          bridge.cpuSeconds() - cpuBefore);
    } finally {
      callers.shutdownNow();
    }
  }

  private byte[] pcm(int chunks) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < chunks; i++) {
      ByteBuf chunk = speech.pcm(i);
      all.writeBytes(ByteBufUtil.getBytes(chunk));
    }
    return all.toByteArray();
  }

  private byte[] mp3(int chunks) {
    byte[] pcm = pcm(chunks);
    short[] samples = new short[pcm.length / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) ((pcm[2 * i] & 0xff) | pcm[2 * i + 1] << 8);
    }
    AudioEncoder encoder = Encoders.of(AudioFormat.MP3, Speech.BYTES_PER_SECOND / 2, null);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(encoder.encode(samples, 0, samples.length));
    all.writeBytes(encoder.finish());
    return all.toByteArray();
  }

  // -- slow readers -------------------------------------------------------------------------------

  private void slowReaders(Peers.Peer bridge, int readers, int minutes, int seconds)
      throws Exception {
    int chunks = minutes * 60_000 / CHUNK_MS;
    Speech.Order order = new Speech.Order(Speech.Shape.STANDARD, chunks, 0);
    long idleKb = liveHeapKb(bridge);
    AtomicBoolean enough = new AtomicBoolean();
    ExecutorService callers = Executors.newFixedThreadPool(readers);
    try {
      List<Future<Long>> answers = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        Kind kind = Kind.values()[i % 2];
        answers.add(callers.submit(() -> sip(bridge, kind.request(order), enough)));
      }
      List<Long> kb = new ArrayList<>();
      for (int moment = 1; moment <= 4; moment++) {
        TimeUnit.MILLISECONDS.sleep(1000L * seconds / 4);
        kb.add((liveHeapKb(bridge) - idleKb) / readers);
      }
      enough.set(true);
      long read = 0;
      for (Future<Long> answer : answers) {
        read += answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
      }
      say(
          "%d slow readers of %d minutes each: %s KiB of live heap a stream in %d s (%.0f KiB read"
              + " of each, idle server %d KiB)",
          readers, minutes, kb, seconds, read / 1024.0 / readers, idleKb);
    } finally {
      enough.set(true);
      callers.shutdownNow();
    }
  }

  private static long sip(Peers.Peer bridge, String request, AtomicBoolean enough)
      throws Exception {
    long read = 0;
    try (RawExchange answer = RawExchange.speak(bridge.port(), request)) {
      check(answer);
      while (!enough.get()) {
        byte[] piece = answer.piece();
        if (piece.length == 0) {
          throw new IOException("its end after " + read + " bytes: that was not slow");
        }
        read += piece.length;
        TimeUnit.MILLISECONDS.sleep(SIP_MS);
      }
    }
    return read;
  }

  /** What is left after a collection. */
  private static long liveHeapKb(Peers.Peer bridge) throws Exception {
    jcmd(bridge, "GC.run");
    String info = jcmd(bridge, "GC.heap_info");
    Matcher used = HEAP.matcher(info);
    long all = 0;
    while (used.find()) {
      all += Long.parseLong(used.group(1));
    }
    if (all == 0) {
      throw new IOException("no figures in: " + info);
    }
    return all;
  }

  private static String jcmd(Peers.Peer bridge, String command) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(bridge.pid()),
                command)
            .redirectErrorStream(true)
            .start();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new UncheckedIOException(new IOException("no end of jcmd"));
    }
    return told;
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
