package dev.voicebridge;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.config.ConfigException;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.http.BridgeVerticle;
import dev.voicebridge.http.Instance;
import dev.voicebridge.http.ListenException;
import dev.voicebridge.library.VoiceLibrary;
import dev.voicebridge.library.VoiceLibraryVerticle;
import dev.voicebridge.metrics.Metrics;
import dev.voicebridge.voice.Voice;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One running instance. */
public final class Voicebridge implements AutoCloseable {
  private static final int START_SECONDS = 30;
  private static final int STOP_SECONDS = 20;

  /** How long a key that was taken away may still be used. */
  private static final int KEY_REREAD_MS = 2_000;

  private final Vertx vertx;
  private final Config config;
  private final int port;
  private final long keyReread;

  private Voicebridge(Vertx vertx, Config config, int port, long keyReread) {
    this.vertx = vertx;
    this.config = config;
    this.port = port;
    this.keyReread = keyReread;
  }

  /**
   * Starts everything and waits for it; not to be called on an event loop.
   *
   * @throws ConfigException when a setting cannot be used
   * @throws StartException when it cannot start; nothing is left running then
   */
  public static Voicebridge start(Config config) {
    Vertx vertx = vertx(config);
    try {
      Config vendors = Guests.welcome(vertx, config);
      Catalogue catalogue = Engines.join(Catalogue.load(), config.upstreams());
      Metrics metrics = new Metrics();
      VoiceLibraryVerticle library =
          new VoiceLibraryVerticle(
              vendors,
              catalogue,
              (provider, outcome) -> metrics.enrolment(provider.id(), lower(outcome)));
      vertx.deployVerticle(library).await(START_SECONDS, TimeUnit.SECONDS);
      countVoices(library.library(), metrics);
      Instance instance = new Instance(vendors, catalogue, metrics, library.library());
      List<BridgeVerticle> verticles = new CopyOnWriteArrayList<>();
      vertx
          .deployVerticle(
              () -> {
                BridgeVerticle verticle = new BridgeVerticle(instance);
                verticles.add(verticle);
                return verticle;
              },
              new DeploymentOptions().setInstances(config.instances()))
          .await(START_SECONDS, TimeUnit.SECONDS);
      long reread = vertx.setPeriodic(KEY_REREAD_MS, id -> instance.rereadKeys(vertx));
      return new Voicebridge(vertx, config, verticles.get(0).port(), reread);
    } catch (ConfigException | StartException told) {
      closeQuietly(vertx);
      throw told;
    } catch (Exception cause) {
      closeQuietly(vertx);
      throw new StartException(cause);
    }
  }

  private static void countVoices(VoiceLibrary library, Metrics metrics) {
    for (Provider provider : library.providers()) {
      for (Voice.State state : Voice.State.values()) {
        metrics.voices(provider.id(), lower(state), () -> library.count(provider, state));
      }
    }
  }

  private static String lower(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }

  private static Vertx vertx(Config config) {
    try {
      return Vertx.vertx(
          new VertxOptions()
              .setPreferNativeTransport(true)
              // One more than sessions need, so that the library's work delays no audio.
              .setEventLoopPoolSize(config.instances() + 1));
    } catch (IllegalStateException noFolder) {
      throw new StartException(
          "cannot start: "
              + noFolder.getMessage()
              + "; name a folder that can be written:"
              + " -Djava.io.tmpdir=<folder>",
          noFolder);
    }
  }

  /** The port in use, also where any free one was asked for. */
  public int port() {
    return port;
  }

  /** One line for the operator: version, address and upstream. */
  public String greeting() {
    String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
    String upstream =
        config.guest() == null ? config.dashScope().baseUrl() : "embedded DashScope (no key set)";
    return "Voicebridge "
        + version()
        + " · http://"
        + host
        + ":"
        + port
        + " · upstream: "
        + upstream;
  }

  private static String version() {
    Properties properties = new Properties();
    try (InputStream in = Voicebridge.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException unreadable) {
      // The version is a courtesy.
    }
    return properties.getProperty("version", "?").replace("-SNAPSHOT", "");
  }

  /** Sends sessions elsewhere, lets requests end, and stops; bounded. */
  @Override
  public void close() {
    // It reads a file on a worker, and workers go first.
    vertx.cancelTimer(keyReread);
    closeQuietly(vertx);
  }

  private static void closeQuietly(Vertx vertx) {
    try {
      vertx.close().await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (Exception late) {
      System.getLogger(Voicebridge.class.getName())
          .log(System.Logger.Level.WARNING, "not everything stopped in time", late);
    }
  }

  /** It cannot start; the message is one readable line. */
  public static final class StartException extends RuntimeException {
    /**
     * @param message one readable line
     */
    StartException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    private StartException(Throwable cause) {
      super(
          cause instanceof ListenException ? cause.getMessage() : "cannot start: " + reason(cause),
          cause);
    }

    private static String reason(Throwable cause) {
      String message = cause.getMessage();
      // Our own exceptions are written to be read; of others the name says more than the message.
      boolean ours = cause.getClass().getName().startsWith("dev.voicebridge.");
      String text = ours && message != null ? message : cause.toString();
      return text.lines().findFirst().orElse("");
    }
  }
}
