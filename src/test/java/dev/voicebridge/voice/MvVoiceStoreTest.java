package dev.voicebridge.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@NullUnmarked
class MvVoiceStoreTest extends VoiceStoreContract {
  @TempDir Path folder;

  @Override
  VoiceStore open() throws Exception {
    return await(MvVoiceStore.open(vertx, folder.resolve("data")));
  }

  @Test
  void survivesARestart() throws Exception {
    Voice voice = await(store.put(Samples.full("granny")));
    await(store.put(Samples.full("gone")));
    await(store.delete("gone", 1));
    store.used("granny", Samples.NOON.plusSeconds(90));
    await(store.close());

    store = open();

    assertEquals(
        voice.edit().lastUsed(Samples.NOON.plusSeconds(90)).done(), await(store.get("granny")));
    assertEquals(VoiceStoreException.Kind.GONE, refusal(store.put(Samples.full("gone"))).kind());
  }

  @Test
  void isNotSharedWithAnother() {
    IOException refusal = assertThrows(IOException.class, this::open);

    assertTrue(refusal.getMessage().contains("in use by another process"), refusal.getMessage());
  }

  @Test
  void saysWhichFolderCantBeUsed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");

    IOException refusal =
        assertThrows(IOException.class, () -> await(MvVoiceStore.open(vertx, file)));

    assertTrue(refusal.getMessage().contains(file.toString()), refusal.getMessage());
  }

  @Test
  void keepsEveryAnsweredPutThroughKillNine() throws Exception {
    await(store.close());
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                folder.resolve("data").toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int answered = 0;
    try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
      String line;
      while (answered < 20 && (line = out.readLine()) != null) {
        answered = line.startsWith("put ") ? Integer.parseInt(line.substring(4)) : answered;
      }
    } finally {
      child.destroyForcibly(); // SIGKILL, in the middle of the next writes
      assertTrue(child.waitFor(10, TimeUnit.SECONDS));
    }

    store = open();

    assertTrue(answered >= 20, "the writer ended early");
    for (int i = 1; i <= answered; i++) {
      assertEquals(Samples.full("v" + i).edit().version(1).done(), await(store.get("v" + i)));
    }
  }

  /** Writes voices one after the other and says so, until it is killed. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws Exception {
      VoiceStore store = await(MvVoiceStore.open(Vertx.vertx(), Path.of(arguments[0])));
      for (int i = 1; i < 100_000; i++) {
        await(store.put(Samples.full("v" + i)));
        System.out.println("put " + i);
      }
    }
  }
}
