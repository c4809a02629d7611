package dev.voicebridge.voice;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis as a child process on loopback: {@code redis-server} of the PATH, or else the one
 * that embedded-redis carries. Nothing of it is left after {@link #close}, or after this JVM.
 */
@NullUnmarked
public final class RedisProcess implements AutoCloseable {
  private static final long READY_SECONDS = 15;

  private final int port;
  private final Path folder;
  private final List<String> command;
  private Process process;
  private final Thread atExit = new Thread(this::kill);

  private RedisProcess(int port, Path folder, List<String> command) {
    this.port = port;
    this.folder = folder;
    this.command = command;
  }

  /** One that keeps nothing on disk. */
  public static RedisProcess start(String... settings) throws Exception {
    return start(freePort(), List.of(), settings);
  }

  private static RedisProcess start(int port, List<String> configFile, String... settings)
      throws Exception {
    Path folder = Files.createTempDirectory("redis-test");
    List<String> command = new ArrayList<>(List.of(binary()));
    if (!configFile.isEmpty()) {
      command.add(Files.write(folder.resolve("redis.conf"), configFile).toString());
    }
    command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1", "--dir", "" + folder));
    command.addAll(List.of(settings));
    RedisProcess redis = new RedisProcess(port, folder, command);
    Runtime.getRuntime().addShutdownHook(redis.atExit);
    redis.restart();
    return redis;
  }

  static RedisProcess member() throws Exception {
    return start("--save", "", "--cluster-enabled", "yes", "--cluster-node-timeout", "2000");
  }

  /**
   * @param master whose name is {@code voices}
   */
  static RedisProcess sentinel(RedisProcess master) throws Exception {
    return start(
        freePort(),
        List.of(
            "sentinel monitor voices 127.0.0.1 " + master.port + " 1",
            "sentinel down-after-milliseconds voices 1000",
            "sentinel failover-timeout voices 5000"),
        "--sentinel");
  }

  private static String binary() throws IOException {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path candidate = Path.of(folder, "redis-server");
      if (Files.isExecutable(candidate)) {
        return candidate.toString();
      }
    }
    return Carried.BINARY;
  }

  /** Unpacked once for all tests of this JVM. */
  private static final class Carried {
    static final String BINARY = unpack();

    private static String unpack() {
      try {
        File binary = ExecutableProvider.newJarResourceProvider().get();
        binary.deleteOnExit();
        return binary.getAbsolutePath();
      } catch (IOException e) {
        throw new IllegalStateException("embedded-redis has no server for this machine", e);
      }
    }
  }

  /** Below 50,000, since a member of a cluster takes the one 10,000 above too. */
  private static int freePort() {
    for (int i = 0; i < 200; i++) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 50_000);
      if (isFree(port) && isFree(port + 10_000)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  public int port() {
    return port;
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** The same port, without what was in memory. */
  public void restart() throws Exception {
    kill();
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    while (System.nanoTime() < until && process.isAlive()) {
      try {
        if (ask("PING").contains("PONG")) {
          return;
        }
      } catch (IOException e) {
        process.waitFor(20, TimeUnit.MILLISECONDS);
      }
    }
    throw new IllegalStateException(
        "Redis does not start: " + Files.readString(folder.resolve("log")));
  }

  /** The first line of the answer. */
  public String ask(String inline) throws IOException {
    String answer = lines(inline, 1).get(0);
    if (answer.startsWith("-") && !answer.startsWith("-LOADING")) {
      throw new IllegalStateException(inline + ": " + answer);
    }
    return answer;
  }

  public List<String> lines(String inline, int count) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(3_000);
      socket.getOutputStream().write((inline + "\r\n").getBytes(StandardCharsets.UTF_8));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        lines.add(String.valueOf(in.readLine()));
      }
      return lines;
    }
  }

  /** It lives, and answers nobody. */
  public void freeze() throws Exception {
    signal("-STOP");
  }

  public void thaw() throws Exception {
    signal("-CONT");
  }

  private void signal(String name) throws Exception {
    Process kill = new ProcessBuilder("kill", name, "" + process.pid()).start();
    if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new IllegalStateException("kill " + name);
    }
  }

  /** SIGKILL. */
  public void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      try {
        running.waitFor(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() throws IOException {
    kill();
    Runtime.getRuntime().removeShutdownHook(atExit);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
