package dev.voicebridge;

import dev.voicebridge.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The server as it starts, on a free port and with a data folder of its own.
 *
 * <p>In a static field with {@code @RegisterExtension} it runs for the tests of a class. Where a
 * setting is not known before, or one test needs a server, {@link #start} starts it, and whoever
 * did closes it.
 */
public final class FreshServer implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
  private final Map<String, String> settings;
  private @Nullable Path data;
  private @Nullable Voicebridge running;

  private FreshServer(Map<String, String> settings) {
    this.settings = settings;
  }

  /**
   * @param namesAndValues settings besides the port and the data folder, or instead of them
   */
  public static FreshServer with(String... namesAndValues) {
    Map<String, String> settings = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return with(settings);
  }

  public static FreshServer with(Map<String, String> settings) {
    return new FreshServer(Map.copyOf(settings));
  }

  /**
   * @return itself, once it listens
   */
  public FreshServer start() {
    try {
      Path folder = Files.createTempDirectory("voicebridge-test");
      data = folder;
      Map<String, String> all = new HashMap<>();
      all.put("VOICEBRIDGE_PORT", "0");
      all.put("VOICEBRIDGE_DATA_DIR", folder.toString());
      all.putAll(settings);
      running = Voicebridge.start(Config.load(all, Map.of()));
      return this;
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    start();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  /** The folder goes with it. */
  @Override
  public void close() {
    if (running != null) {
      running.close();
    }
    if (data != null) {
      try (var files = Files.walk(data)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      } catch (IOException leftover) {
        throw new UncheckedIOException(leftover);
      }
    }
  }

  public int port() {
    return Objects.requireNonNull(running, "not started").port();
  }

  /**
   * @param path from the slash on, with the query
   */
  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  /** A request that is given up after 90 s. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(90));
  }
}
