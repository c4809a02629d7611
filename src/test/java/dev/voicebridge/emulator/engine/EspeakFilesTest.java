package dev.voicebridge.emulator.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EspeakFilesTest {
  @TempDir private Path folder;

  @Test
  void isUnpackedOnceAndAgainWhenSomebodyTidiedUp() throws IOException {
    EspeakFiles first = EspeakFiles.unpacked(folder);
    Path dictionary = first.data().resolve("cmn_dict");
    long size = Files.size(dictionary);
    var unpackedAt = Files.getLastModifiedTime(first.library());

    assertEquals(first, EspeakFiles.unpacked(folder));
    assertEquals(unpackedAt, Files.getLastModifiedTime(first.library()));

    Files.delete(dictionary);
    EspeakFiles.unpacked(folder);
    assertEquals(size, Files.size(dictionary));
    assertOneFolder();
  }

  @Test
  void manyAtOnceLeaveOneWholeFolder() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      Callable<EspeakFiles> unpack = () -> EspeakFiles.unpacked(folder);
      for (var files : threads.invokeAll(List.of(unpack, unpack, unpack), 50, TimeUnit.SECONDS)) {
        assertTrue(Files.size(files.get().library()) > 100_000);
      }
    } finally {
      threads.shutdownNow();
    }
    assertOneFolder();
  }

  private void assertOneFolder() throws IOException {
    try (var left = Files.list(folder)) {
      assertEquals(1, left.count());
    }
  }

  @Test
  void anArchiveCantWriteOutsideTheFolder() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("../evil"));
      zip.write(1);
    }

    assertThrows(
        IOException.class,
        () ->
            EspeakFiles.unzip(
                new ByteArrayInputStream(bytes.toByteArray()), folder.resolve("data")));
    assertFalse(Files.exists(folder.resolve("evil")));
  }

  @Test
  void anUnknownPlatformIsNamedInOneLine() {
    String os = System.getProperty("os.name");
    System.setProperty("os.name", "Plan 9");
    try {
      EngineUnavailableException e =
          assertThrows(EngineUnavailableException.class, () -> EspeakFiles.unpacked(folder));
      assertTrue(String.valueOf(e.getMessage()).contains("plan-9"), e.getMessage());
      assertEquals(1, String.valueOf(e.getMessage()).lines().count());
    } finally {
      System.setProperty("os.name", os);
    }
  }
}
