package dev.voicebridge.page;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.impl.driver.Driver;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A Chromium for the page's tests: the one that {@code CHROME_BIN} names, an installed one,
 * Playwright's own, or else one that is installed now.
 */
final class Browser implements AutoCloseable {
  private static final List<String> FLAGS =
      List.of(
          "--no-sandbox",
          "--autoplay-policy=no-user-gesture-required",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");
  private static final String[] NAMES = {
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"
  };
  private static final List<Path> PLACES =
      List.of(
          Path.of("/usr/bin/chromium"),
          Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
          Path.of("/Applications/Chromium.app/Contents/MacOS/Chromium"),
          Path.of("C:/Program Files/Google/Chrome/Application/chrome.exe"));
  private static final String HELP =
      """
      The tests of the page need Chromium, and it could not be installed from here. Type one of
        apt-get install -y chromium                                        (Debian, as root)
        CHROME_BIN=/path/to/a/chromium mvn verify                          (it is already there)
      """;

  private final Playwright playwright;
  private final com.microsoft.playwright.Browser chromium;

  private Browser(Playwright playwright, com.microsoft.playwright.Browser chromium) {
    this.playwright = playwright;
    this.chromium = chromium;
  }

  /**
   * @param flags besides the usual ones
   * @throws IllegalStateException when there is no Chromium and none can be had; says what to type
   */
  static Browser open(String... flags) {
    Playwright playwright =
        Playwright.create(new Playwright.CreateOptions().setEnv(Node.NO_DOWNLOAD));
    try {
      Path executable =
          find(playwright)
              .or(() -> installed(Browser::withApt, playwright))
              .or(() -> installed(Browser::withPlaywright, playwright))
              .orElseThrow(() -> new IllegalStateException(HELP));
      LaunchOptions options =
          new LaunchOptions()
              .setExecutablePath(executable)
              .setArgs(Stream.concat(FLAGS.stream(), Stream.of(flags)).toList());
      return new Browser(playwright, playwright.chromium().launch(options));
    } catch (RuntimeException e) {
      playwright.close();
      throw e;
    }
  }

  com.microsoft.playwright.Browser chromium() {
    return chromium;
  }

  @Override
  public void close() {
    chromium.close();
    playwright.close();
  }

  private static Optional<Path> find(Playwright playwright) {
    Stream<Path> named = Optional.ofNullable(System.getenv("CHROME_BIN")).map(Path::of).stream();
    Stream<Path> own = Stream.of(Path.of(playwright.chromium().executablePath()));
    return Stream.of(named, Node.onPath(NAMES).stream(), PLACES.stream(), own)
        .flatMap(paths -> paths)
        .filter(Files::isExecutable)
        .filter(Browser::starts)
        .findFirst();
  }

  /** Some systems have a {@code chromium-browser} that only says how to get the real one. */
  private static boolean starts(Path executable) {
    return run(30, Map.of(), Redirect.DISCARD, List.of(executable.toString(), "--version"));
  }

  private static Optional<Path> installed(Supplier<Boolean> install, Playwright playwright) {
    return install.get() ? find(playwright) : Optional.empty();
  }

  private static boolean withApt() {
    boolean root = "root".equals(System.getProperty("user.name"));
    if (!root || Node.onPath("apt-get").isEmpty()) return false;
    Map<String, String> quiet = Map.of("DEBIAN_FRONTEND", "noninteractive");
    return run(120, quiet, Redirect.INHERIT, List.of("apt-get", "-q", "update"))
        && run(
            400,
            quiet,
            Redirect.INHERIT,
            List.of("apt-get", "-q", "install", "-y", "--no-install-recommends", "chromium"));
  }

  private static boolean withPlaywright() {
    if (System.getenv("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD") != null) return false;
    Driver driver = Driver.ensureDriverInstalled(Node.NO_DOWNLOAD, false);
    List<String> command = new ArrayList<>(driver.createProcessBuilder().command());
    command.addAll(List.of("install", "chromium"));
    return run(400, Map.of(), Redirect.INHERIT, command);
  }

  private static boolean run(
      int seconds, Map<String, String> environment, Redirect output, List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File(isWindows() ? "NUL" : "/dev/null"))
            .redirectOutput(output)
            .redirectError(output);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      boolean ended = process.waitFor(seconds, SECONDS);
      process.destroyForcibly();
      return ended && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean isWindows() {
    return System.getProperty("os.name").startsWith("Windows");
  }
}
