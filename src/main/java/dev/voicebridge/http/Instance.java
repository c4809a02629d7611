package dev.voicebridge.http;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.metrics.Metrics;

/** What all verticles of one process share. Any thread. */
public final class Instance {
  /** Most sessions at once; each idle one costs about 36 KiB. */
  static final int MAX_SESSIONS = 4_000;

  private final Config config;
  private final Catalogue catalogue;
  private final Metrics metrics;
  private final KeyRing keys;
  private final Tickets tickets;
  private final Seats seats;
  private final Access access;
  private final SessionOpener opener;

  /**
   * @throws IllegalArgumentException when a trusted proxy is no address
   */
  public Instance(Config config, Catalogue catalogue, Metrics metrics) {
    this(
        config,
        catalogue,
        metrics,
        KeyRings.of(config),
        Ticker.systemTicker(),
        MAX_SESSIONS,
        SessionOpener.REAL);
  }

  Instance(
      Config config,
      Catalogue catalogue,
      Metrics metrics,
      KeyRing keys,
      Ticker ticker,
      int maxSessions,
      SessionOpener opener) {
    this.config = config;
    this.catalogue = catalogue;
    this.metrics = metrics;
    this.keys = keys;
    this.tickets = new Tickets(keys, ticker);
    this.seats = new Seats(maxSessions);
    this.access =
        new Access(keys, new TrustedProxies(config.trustedProxies()), config.allowedOrigins());
    this.opener = opener;
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

  SessionOpener opener() {
    return opener;
  }
}
