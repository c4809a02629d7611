package dev.voicebridge.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The other processes of a benchmark; {@link #close} ends them all. */
final class Peers implements AutoCloseable {
  /** What {@code docker/start.sh} sets. */
  private static final List<String> BRIDGE_FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms256m",
          "-Xmx256m",
          "-Xmn16m",
          "-XX:MaxDirectMemorySize=256m",
          "-XX:+ExitOnOutOfMemoryError",
          "-Dio.netty.tryReflectionSetAccessible=true",
          "--add-opens=java.base/java.nio=ALL-UNNAMED");

  private static final String SERVER = "dev.voicebridge.Main";
  private static final double CPU_TICKS_PER_SECOND = 100;
  private static final Pattern PORT = Pattern.compile(":(\\d+) ");

  private final List<Process> processes = new ArrayList<>();

  /**
   * @param pid whose CPU counts
   */
  record Peer(int port, long pid) {
    /** User and system time so far, seconds. */
    double cpuSeconds() {
      try {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / CPU_TICKS_PER_SECOND;
      } catch (IOException gone) {
        throw new UncheckedIOException(gone);
      }
    }
  }

  /** The synthetic service. */
  Peer service(int chunkMs) throws IOException {
    Process process =
        start(
            java(
                List.of("-XX:+UseSerialGC", "-Xmx128m", "-XX:TieredStopAtLevel=1"),
                List.of(
                    "-cp", classPath(), SyntheticQwen.class.getName(), Integer.toString(chunkMs))),
            Map.of());
    return new Peer(Integer.parseInt(firstLine(process).trim()), process.pid());
  }

  /** Another build of the server under test, with the libraries of this one. */
  Peer otherBridge(Peer service, String classes) throws IOException {
    String classPath = classes + File.pathSeparator + classPath();
    return bridge(service, List.of(), List.of("-cp", classPath, SERVER));
  }

  /**
   * The server under test, in front of a service.
   *
   * @param jar the packaged server; null takes the compiled classes
   */
  Peer bridge(Peer service, String jar, Collection<String> moreFlags) throws IOException {
    return bridge(
        service,
        moreFlags,
        jar == null ? List.of("-cp", classPath(), SERVER) : List.of("-jar", jar));
  }

  private Peer bridge(Peer service, Collection<String> moreFlags, List<String> what)
      throws IOException {
    List<String> flags = new ArrayList<>(BRIDGE_FLAGS);
    flags.addAll(moreFlags);
    Process process =
        start(
            java(flags, what),
            Map.of(
                "VOICEBRIDGE_PORT",
                "0",
                // One event loop, as nginx has one worker.
                "VOICEBRIDGE_INSTANCES",
                "1",
                "VOICEBRIDGE_DATA_DIR",
                Files.createTempDirectory("voicebridge-bench").toString(),
                "DASHSCOPE_API_KEY",
                "bench",
                "DASHSCOPE_BASE_URL",
                "http://127.0.0.1:" + service.port()));
    String greeting = firstLine(process);
    Matcher port = PORT.matcher(greeting);
    if (!port.find()) {
      throw new IOException("the server says no port: " + greeting);
    }
    return new Peer(Integer.parseInt(port.group(1)), process.pid());
  }

  /**
   * nginx with one worker, passing WebSockets on to a service.
   *
   * @return empty when it is not installed
   */
  Optional<Peer> nginx(Peer service) throws IOException, InterruptedException {
    Optional<Path> program =
        List.of("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx").stream()
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    if (program.isEmpty()) {
      return Optional.empty();
    }
    Path home = Files.createTempDirectory("voicebridge-bench-nginx");
    int port = freePort();
    // A buffer that holds a whole event: with the default of one page nginx reads each in two.
    Files.writeString(
        home.resolve("nginx.conf"),
        """
        worker_processes 1;
        daemon off;
        pid nginx.pid;
        error_log stderr error;
        events { worker_connections 8192; use epoll; }
        http {
          access_log off;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          server {
            listen 127.0.0.1:%d backlog=4096;
            location / {
              proxy_pass http://127.0.0.1:%d;
              proxy_http_version 1.1;
              proxy_set_header Upgrade $http_upgrade;
              proxy_set_header Connection "upgrade";
              proxy_read_timeout 1h;
              proxy_buffer_size 16k;
              proxy_buffers 8 16k;
            }
          }
        }
        """
            .formatted(port, service.port()));
    Process process =
        start(
            List.of(
                program.get().toString(),
                "-p",
                home.toString(),
                "-c",
                "nginx.conf",
                "-e",
                "stderr"),
            Map.of());
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (System.nanoTime() - deadline < 0 && process.isAlive()) {
      Optional<ProcessHandle> worker = process.children().findFirst();
      if (worker.isPresent()) {
        return Optional.of(new Peer(port, worker.get().pid()));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new IOException("nginx did not start");
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0)) {
      return any.getLocalPort();
    }
  }

  private static List<String> java(List<String> flags, List<String> what) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(what);
    return command;
  }

  /** Maven runs a main class in its own process, with a class loader instead of a class path. */
  private static String classPath() {
    if (Peers.class.getClassLoader() instanceof URLClassLoader maven) {
      return Arrays.stream(maven.getURLs())
          .map(URL::getPath)
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("java.class.path");
  }

  private Process start(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("VOICEBRIDGE_") || name.endsWith("_API_KEY"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private static String firstLine(Process process) throws IOException {
    // Not closed: what the process prints later has to go somewhere.
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null) {
      throw new IOException("a process ended before it was ready: " + process.info());
    }
    return line + " ";
  }

  /** How many deltas the bridge has read so far, by path. */
  static Map<String, Double> deltas(Peer bridge) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + bridge.port() + "/metrics"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    Pattern line = Pattern.compile("voicebridge_upstream_deltas_total\\{path=\"(\\w+)\"\\} (\\S+)");
    return line.matcher(answer.body())
        .results()
        .collect(Collectors.toMap(hit -> hit.group(1), hit -> Double.valueOf(hit.group(2))));
  }

  @Override
  public void close() {
    processes.forEach(Process::destroy);
    for (Process process : processes) {
      try {
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException stop) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
