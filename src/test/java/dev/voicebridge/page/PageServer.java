package dev.voicebridge.page;

import dev.voicebridge.Voicebridge;
import dev.voicebridge.config.Config;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The server as it is started without any setting, on a free port. */
final class PageServer implements AutoCloseable {
  private @Nullable Voicebridge server;

  /**
   * @return the address of the page, once it answers
   */
  URI start() {
    Voicebridge started = Voicebridge.start(Config.load(Map.of("VOICEBRIDGE_PORT", "0"), Map.of()));
    server = started;
    return URI.create("http://127.0.0.1:" + started.port() + "/");
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
