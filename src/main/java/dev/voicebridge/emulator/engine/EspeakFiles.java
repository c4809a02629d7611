package dev.voicebridge.emulator.engine;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The library and its data as files: native code can't read from a jar. They are unpacked once into
 * a cache folder, so that later starts are fast.
 *
 * @param library the shared library for this machine
 * @param data the folder of dictionaries and voices
 */
record EspeakFiles(Path library, Path data) {
  /** Goes up when the files that we make ourselves ({@link Timbres}) change. */
  private static final int LAYOUT = 2;

  private static final String DATA_RESOURCE = "/espeak-ng-data.zip";

  /** Sizes of all files, one a line; written last, so that a folder without it is not complete. */
  private static final String LIST = "files.list";

  /** What nobody needs to unpack more of: the data is 19 MB in 600 files. */
  private static final long MAX_BYTES = 200_000_000;

  /**
   * @param cacheParent where the cache folder lies or is made
   * @throws EngineUnavailableException when this build or machine has no speech
   */
  static EspeakFiles unpacked(Path cacheParent) {
    String platform = platform();
    String libraryName =
        platform.startsWith("macos") ? "libespeak-ng.1.dylib" : "libespeak-ng.so.1";
    URL library = EspeakFiles.class.getResource("/" + platform + "/" + libraryName);
    URL data = EspeakFiles.class.getResource(DATA_RESOURCE);
    if (data == null) {
      throw new EngineUnavailableException(
          "this build has no embedded speech: set DASHSCOPE_API_KEY, or build without"
              + " -DwithoutEmbeddedSpeech");
    }
    if (library == null) {
      throw new EngineUnavailableException("no speech library for this platform: " + platform);
    }
    try {
      String key =
          Integer.toHexString(Objects.hash(LAYOUT, fingerprint(library), fingerprint(data)));
      Path folder = cacheParent.resolve("voicebridge-espeak-" + platform + "-" + key);
      if (!isComplete(folder)) {
        unpack(library, libraryName, data, folder);
      }
      return new EspeakFiles(folder.resolve(libraryName), folder.resolve("data"));
    } catch (IOException e) {
      throw new EngineUnavailableException(
          "can't unpack the speech library to "
              + cacheParent
              + ": "
              + e
              + "; name a folder that can be written: -Djava.io.tmpdir=<folder>",
          e);
    }
  }

  private static String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String family =
        os.startsWith("linux") ? "debian" : os.startsWith("mac") ? "macos" : os.replace(' ', '-');
    String cpu =
        switch (arch) {
          case "amd64", "x86_64" -> "amd64";
          case "aarch64", "arm64" -> "arm64";
          case "arm", "armv7l" -> "armv7l";
          default -> arch;
        };
    return family + "-" + cpu;
  }

  /** Changes with the content; cheap, because a jar's directory knows it. */
  private static String fingerprint(URL resource) throws IOException {
    URLConnection connection = resource.openConnection();
    if (connection instanceof JarURLConnection jar) {
      ZipEntry entry = jar.getJarEntry();
      return entry.getCrc() + ":" + entry.getSize();
    }
    try (InputStream in = connection.getInputStream()) {
      return connection.getLastModified() + ":" + in.available();
    }
  }

  /**
   * A folder counts if it is ours and nobody tidied up parts of it: temporary folders get swept.
   */
  private static boolean isComplete(Path folder) throws IOException {
    Path list = folder.resolve(LIST);
    if (!Files.isRegularFile(list)) {
      return false;
    }
    requireOurs(folder);
    for (String line : Files.readAllLines(list, StandardCharsets.UTF_8)) {
      int blank = line.indexOf(' ');
      Path file = folder.resolve(line.substring(blank + 1));
      if (!Files.isRegularFile(file) || Files.size(file) != Long.parseLong(line, 0, blank, 10)) {
        return false;
      }
    }
    return true;
  }

  /** Another user of the machine could have put a library of his own there for us to load. */
  private static void requireOurs(Path folder) throws IOException {
    Path probe = Files.createTempFile("voicebridge-", ".owner");
    try {
      if (!Files.getOwner(folder).equals(Files.getOwner(probe))) {
        throw new IOException(folder + " belongs to another user");
      }
    } finally {
      Files.delete(probe);
    }
  }

  private static void unpack(URL library, String libraryName, URL data, Path folder)
      throws IOException {
    Path fresh = Files.createTempDirectory(folder.getParent(), folder.getFileName() + "-new-");
    try {
      try (InputStream in = library.openStream()) {
        Files.copy(in, fresh.resolve(libraryName));
      }
      try (InputStream in = data.openStream()) {
        unzip(in, fresh.resolve("data"));
      }
      Timbres.write(fresh.resolve("data"));
      writeList(fresh);
      install(fresh, folder);
    } finally {
      delete(fresh);
    }
  }

  private static void install(Path fresh, Path folder) throws IOException {
    try {
      if (Files.exists(folder) && !isComplete(folder)) {
        requireOurs(folder);
        delete(folder);
      }
      Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // Another process may have been faster: what counts is that the folder is whole.
      if (!isComplete(folder)) {
        throw e;
      }
    }
  }

  static void unzip(InputStream zip, Path target) throws IOException {
    long budget = MAX_BYTES;
    ZipInputStream in = new ZipInputStream(zip);
    for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
      Path file = target.resolve(entry.getName()).normalize();
      if (!file.startsWith(target)) {
        throw new IOException("entry leads out of the folder: " + entry.getName());
      }
      if (entry.isDirectory()) {
        Files.createDirectories(file);
        continue;
      }
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      byte[] content = in.readNBytes((int) Math.min(Integer.MAX_VALUE, budget + 1));
      budget -= content.length;
      if (budget < 0) {
        throw new IOException("more data than there can be");
      }
      Files.write(file, content);
    }
  }

  private static void writeList(Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    try (var files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        lines.add(Files.size(file) + " " + folder.relativize(file));
      }
    }
    Files.write(folder.resolve(LIST), lines, StandardCharsets.UTF_8);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
