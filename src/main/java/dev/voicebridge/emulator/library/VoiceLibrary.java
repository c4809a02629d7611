package dev.voicebridge.emulator.library;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who has which voices, in memory and, if it has a file, across restarts: the file is replaced as a
 * whole with every change, and a change is answered when it is on the disk. One event loop only;
 * two processes must not share a file.
 */
public final class VoiceLibrary {
  /** The vendor's bound for an account and family. */
  public static final int MOST_VOICES = 1000;

  private final Vertx vertx;
  private final @Nullable Path file;
  private final int mostVoices;

  /** By id, oldest first. */
  private final Map<String, CustomVoice> voices = new LinkedHashMap<>();

  /**
   * @param file null: voices are gone with the process
   * @param mostVoices of an account and family
   */
  public VoiceLibrary(Vertx vertx, @Nullable Path file, int mostVoices) {
    this.vertx = vertx;
    this.file = file;
    this.mostVoices = mostVoices;
  }

  /** Reads the file, if there is one. Fails when it can't be read. */
  public Future<Void> open() {
    Path from = file;
    if (from == null) {
      return Future.succeededFuture();
    }
    return vertx
        .executeBlocking(
            () -> {
              Files.createDirectories(from.toAbsolutePath().getParent());
              return Files.exists(from) ? Files.readAllBytes(from) : new byte[0];
            })
        .map(
            bytes -> {
              if (bytes.length > 0) {
                for (Object entry : new JsonArray(Buffer.buffer(bytes))) {
                  CustomVoice voice = CustomVoice.parse((JsonObject) entry);
                  voices.put(voice.id(), voice);
                }
              }
              return null;
            });
  }

  /** Whether the account has no room for another voice of the family. */
  public boolean isFull(String account, String family) {
    return list(account, voice -> voice.kind().family().equals(family)).size() >= mostVoices;
  }

  /**
   * @return null when there is no such voice, or it is another account's
   */
  public @Nullable CustomVoice find(String account, String id) {
    CustomVoice voice = voices.get(id);
    return voice != null && voice.account().equals(account) ? voice : null;
  }

  /** The account's, newest first. */
  public List<CustomVoice> list(String account, Predicate<CustomVoice> wanted) {
    List<CustomVoice> found = new ArrayList<>();
    for (CustomVoice voice : voices.values()) {
      if (voice.account().equals(account) && wanted.test(voice)) {
        found.add(voice);
      }
    }
    Collections.reverse(found);
    return found;
  }

  /** Adds the voice, or replaces the one with its id; completes when it will last. */
  public Future<Void> put(CustomVoice voice) {
    @Nullable CustomVoice before = voices.put(voice.id(), voice);
    return save()
        .onFailure(
            cause -> {
              if (before == null) {
                voices.remove(voice.id(), voice);
              } else {
                voices.replace(voice.id(), voice, before);
              }
            });
  }

  /** Completes when it is gone for good. */
  public Future<Void> remove(String id) {
    @Nullable CustomVoice before = voices.remove(id);
    return save()
        .onFailure(
            cause -> {
              if (before != null) {
                voices.putIfAbsent(id, before);
              }
            });
  }

  private Future<Void> save() {
    Path to = file;
    if (to == null) {
      return Future.succeededFuture();
    }
    List<CustomVoice> now = List.copyOf(voices.values());
    // in order, so that the last change is the one that stays
    return vertx.executeBlocking(
        () -> {
          write(to, now);
          return null;
        },
        true);
  }

  private static void write(Path to, List<CustomVoice> now) throws IOException {
    JsonArray all = new JsonArray();
    now.forEach(voice -> all.add(voice.toJson()));
    Path fresh = to.resolveSibling(to.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(all.toBuffer().getBytes());
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
