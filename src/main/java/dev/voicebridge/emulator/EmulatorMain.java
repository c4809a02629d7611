package dev.voicebridge.emulator;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import java.io.PrintStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The guests on their own, DashScope and SiliconFlow, so that several bridges can share them:
 *
 * <pre>{@code
 * java -cp target/voicebridge.jar dev.voicebridge.emulator.EmulatorMain --port 9000 --key sk-demo
 * }</pre>
 *
 * A flag wins over its environment variable. {@code --host} ({@code VOICEBRIDGE_GUEST_HOST},
 * 127.0.0.1), {@code --port} ({@code VOICEBRIDGE_GUEST_PORT}, 0: any free one), {@code --key}
 * ({@code VOICEBRIDGE_GUEST_KEY}, a new one each time), {@code --paced} ({@code
 * VOICEBRIDGE_GUEST_PACED=true}), {@code --rate-limits} ({@code
 * VOICEBRIDGE_GUEST_RATE_LIMITS=true}), {@code --siliconflow-port} ({@code
 * VOICEBRIDGE_GUEST_SILICONFLOW_PORT}, any free one), {@code --upload-port} ({@code
 * VOICEBRIDGE_GUEST_UPLOAD_PORT}, any free one), {@code --data} ({@code VOICEBRIDGE_GUEST_DATA}, a
 * folder in which voices last; without it they are gone with the process).
 */
public final class EmulatorMain {
  private static final String USAGE =
      "usage: EmulatorMain [--host HOST] [--port PORT] [--siliconflow-port PORT]"
          + " [--upload-port PORT] [--data FOLDER] [--key KEY] [--paced] [--rate-limits]";
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private EmulatorMain() {}

  public static void main(String[] args) throws InterruptedException {
    JsonObject config;
    try {
      config = config(List.of(args), System.getenv());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println(USAGE);
      System.exit(MISUSED);
      return;
    }
    System.exit(run(config, System.out, System.err));
  }

  /** Serves until the first signal. */
  private static int run(JsonObject config, PrintStream out, PrintStream err)
      throws InterruptedException {
    CountDownLatch signalled = new CountDownLatch(1);
    onSignal("INT", signalled::countDown);
    onSignal("TERM", signalled::countDown);
    Vertx vertx = Vertx.vertx();
    try {
      vertx
          .deployVerticle(new EmulatorVerticle(), new DeploymentOptions().setConfig(config))
          .await(30, TimeUnit.SECONDS);
      vertx
          .deployVerticle(
              new SiliconFlowVerticle(),
              new DeploymentOptions()
                  .setConfig(config.copy().put("port", config.getInteger("siliconFlowPort"))))
          .await(30, TimeUnit.SECONDS);
      LocalMap<String, Integer> said = vertx.sharedData().getLocalMap(EmulatorVerticle.SHARED_MAP);
      out.println(
          "Embedded DashScope at http://"
              + config.getString("host")
              + ":"
              + said.get(EmulatorVerticle.PORT)
              + " with key "
              + config.getString("key"));
      out.println(
          "Embedded SiliconFlow at http://"
              + config.getString("host")
              + ":"
              + said.get(SiliconFlowVerticle.PORT)
              + "/v1 with the same key");
      signalled.await();
      vertx.close().await(20, TimeUnit.SECONDS);
      return 0;
    } catch (TimeoutException | RuntimeException e) {
      err.println("The embedded services did not start: " + e.getMessage());
      return FAILED;
    }
  }

  /**
   * @throws IllegalArgumentException with one readable line
   */
  static JsonObject config(List<String> args, Map<String, String> environment) {
    JsonObject config =
        new JsonObject()
            .put("host", environment.getOrDefault("VOICEBRIDGE_GUEST_HOST", "127.0.0.1"))
            .put("port", port(environment.getOrDefault("VOICEBRIDGE_GUEST_PORT", "0")))
            .put(
                "siliconFlowPort",
                port(environment.getOrDefault("VOICEBRIDGE_GUEST_SILICONFLOW_PORT", "0")))
            .put("uploadPort", port(environment.getOrDefault("VOICEBRIDGE_GUEST_UPLOAD_PORT", "0")))
            .put("data", environment.getOrDefault("VOICEBRIDGE_GUEST_DATA", ""))
            .put("paced", Boolean.parseBoolean(environment.get("VOICEBRIDGE_GUEST_PACED")))
            .put(
                "rateLimits",
                Boolean.parseBoolean(environment.get("VOICEBRIDGE_GUEST_RATE_LIMITS")));
    String key = environment.get("VOICEBRIDGE_GUEST_KEY");
    for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
      String flag = rest.next();
      switch (flag) {
        case "--host" -> config.put("host", value(flag, rest));
        case "--port" -> config.put("port", port(value(flag, rest)));
        case "--siliconflow-port" -> config.put("siliconFlowPort", port(value(flag, rest)));
        case "--upload-port" -> config.put("uploadPort", port(value(flag, rest)));
        case "--data" -> config.put("data", value(flag, rest));
        case "--key" -> key = value(flag, rest);
        case "--paced" -> config.put("paced", true);
        case "--rate-limits" -> config.put("rateLimits", true);
        default -> throw new IllegalArgumentException("unknown flag: " + flag);
      }
    }
    return config.put("key", key == null || key.isEmpty() ? newKey() : key);
  }

  private static String value(String flag, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(flag + " needs a value");
    }
    return rest.next();
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException("the port must be 0–65535, not " + text);
  }

  private static String newKey() {
    return "sk-" + UUID.randomUUID().toString().replace("-", "");
  }

  /**
   * {@code sun.misc.Signal}, by reflection because it is no part of the release's own packages; a
   * runtime without it ends the usual way.
   */
  private static void onSignal(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler call =
          (proxy, method, arguments) -> {
            action.run();
            return null;
          };
      Object listener =
          Proxy.newProxyInstance(
              EmulatorMain.class.getClassLoader(), new Class<?>[] {handler}, call);
      @Nullable Object unused =
          signal
              .getMethod("handle", signal, handler)
              .invoke(null, signal.getConstructor(String.class).newInstance(name), listener);
    } catch (ReflectiveOperationException e) {
      // no way to be told: the process just ends
    }
  }
}
