package dev.voicebridge.page;

import com.microsoft.playwright.impl.driver.Driver;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds a Node.js: the one that Playwright's driver carries, else one on the path. */
public final class Node {
  /** Keeps Playwright from fetching browsers that nobody asked for. */
  static final Map<String, String> NO_DOWNLOAD = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");

  private Node() {}

  public static Optional<Path> executable() {
    return Stream.concat(bundled().stream(), onPath("node").stream()).findFirst();
  }

  /** The first of these programs that is on the path. */
  public static Optional<Path> onPath(String... names) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(names)
        .flatMap(name -> Stream.of(name, name + ".exe"))
        .flatMap(
            name -> Arrays.stream(path.split(File.pathSeparator)).map(dir -> Path.of(dir, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Optional<Path> bundled() {
    Path driver;
    try {
      driver = Driver.ensureDriverInstalled(NO_DOWNLOAD, false).driverDir();
    } catch (RuntimeException noDriverForThisPlatform) {
      return Optional.empty();
    }
    return Stream.of("node", "node.exe")
        .map(driver::resolve)
        .filter(Files::isExecutable)
        .findFirst();
  }
}
