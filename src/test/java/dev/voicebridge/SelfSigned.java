package dev.voicebridge;

import io.vertx.core.net.PfxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;

/** A certificate that nobody trusts, but the JVM while it is told to. */
@NullUnmarked
public final class SelfSigned {
  private static final String PASSWORD = "changeit";
  private final Path store;

  private SelfSigned(Path store) {
    this.store = store;
  }

  /**
   * @param host whom it is for
   * @param folder for its file
   */
  public static SelfSigned of(String host, Path folder) throws Exception {
    Path store = Files.createTempFile(folder, host, ".p12");
    Files.delete(store);
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "test",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      keytool.destroyForcibly();
      throw new IllegalStateException("keytool made no certificate");
    }
    return new SelfSigned(store);
  }

  /** For a server. */
  public PfxOptions key() {
    return new PfxOptions().setPath(store.toString()).setPassword(PASSWORD);
  }

  /** Work. */
  public interface Work {
    void run() throws Exception;
  }

  /** Has the JVM trust it and nobody else meanwhile: {@code -Djavax.net.ssl.trustStore=…}. */
  public void trustedDuring(Work work) throws Exception {
    Map<String, String> before = new HashMap<>();
    Map.of(
            "javax.net.ssl.trustStore",
            store.toString(),
            "javax.net.ssl.trustStorePassword",
            PASSWORD)
        .forEach((name, value) -> before.put(name, System.setProperty(name, value)));
    try {
      work.run();
    } finally {
      before.forEach(
          (name, value) -> {
            if (value == null) {
              System.clearProperty(name);
            } else {
              System.setProperty(name, value);
            }
          });
    }
  }
}
