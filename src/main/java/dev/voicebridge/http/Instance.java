package dev.voicebridge.http;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.voicebridge.bridge.Session;
import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.config.ConfigException;
import dev.voicebridge.library.VoiceLibrary;
import dev.voicebridge.metrics.Metrics;
import dev.voicebridge.voice.StoreHealth;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** What all verticles of one process share. Any thread. */
public final class Instance {
  private final Config config;
  private final Catalogue catalogue;
  private final Metrics metrics;
  private final KeyRing keys;
  private final Tickets tickets;
  private final Seats seats;
  private final Access access;
  private final VoiceLibrary library;
  private final SessionOpener opener;

  /**
   * @throws ConfigException when the keys cannot be used
   */
  public Instance(Config config, Catalogue catalogue, Metrics metrics, VoiceLibrary library) {
    this(config, catalogue, metrics, library, Ticker.systemTicker(), Session::open);
  }

  Instance(
      Config config,
      Catalogue catalogue,
      Metrics metrics,
      VoiceLibrary library,
      Ticker ticker,
      SessionOpener opener) {
    this.library = library;
    this.config = config;
    this.catalogue = catalogue;
    this.metrics = metrics;
    this.keys = new KeyRing(config);
    this.tickets = new Tickets(keys, ticker);
    this.seats = new Seats(config.sessions().max());
    this.access =
        new Access(keys, new TrustedProxies(config.trustedProxies()), config.allowedOrigins());
    this.opener = opener;
    metrics.library(() -> library.health().state() != StoreHealth.State.OK);
  }

  /** Reads the key file again, off the event loop; completes when the new keys hold. */
  public Future<Void> rereadKeys(Vertx vertx) {
    return vertx
        .executeBlocking(
            () -> {
              keys.reread();
              return true;
            })
        .mapEmpty();
  }

  Config config() {
    return config;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  Metrics metrics() {
    return metrics;
  }

  KeyRing keys() {
    return keys;
  }

  Tickets tickets() {
    return tickets;
  }

  Seats seats() {
    return seats;
  }

  Access access() {
    return access;
  }

  VoiceLibrary library() {
    return library;
  }

  SessionOpener opener() {
    return opener;
  }
}
