package dev.voicebridge.page;

import dev.voicebridge.Voicebridge;
import dev.voicebridge.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The server as it is started without any setting, on a free port and in a folder of its own. */
final class PageServer implements AutoCloseable {
  private @Nullable Voicebridge server;
  private @Nullable Path data;

  /**
   * @return the address of the page, once it answers
   */
  URI start() {
    return start(Map.of());
  }

  /**
   * @param settings besides the port and the folder
   */
  URI start(Map<String, String> settings) {
    try {
      Path folder = Files.createTempDirectory("voicebridge-page");
      data = folder;
      Map<String, String> all = new HashMap<>(settings);
      all.put("VOICEBRIDGE_PORT", "0");
      all.put("VOICEBRIDGE_DATA_DIR", folder.toString());
      Voicebridge started = Voicebridge.start(Config.load(all, Map.of()));
      server = started;
      return URI.create("http://127.0.0.1:" + started.port() + "/");
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
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
}
