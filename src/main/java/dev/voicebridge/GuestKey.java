package dev.voicebridge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The key by which the embedded guests know this server. Made once and kept, because the guests
 * keep voices by key: another key would not see them.
 */
final class GuestKey {
  private static final String FILE = "guest.key";
  private static final Pattern KEY = Pattern.compile("sk-[A-Za-z0-9_-]{20,200}");

  /** A file that is longer holds something else. */
  private static final int MOST_BYTES = 256;

  private GuestKey() {}

  /**
   * Reads the key of the folder, or makes both. Blocks.
   *
   * @throws Voicebridge.StartException when the file cannot be read or written, or holds no key
   */
  static String in(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      return read(file);
    } catch (NoSuchFileException none) {
      return made(file);
    } catch (IOException unreadable) {
      throw new Voicebridge.StartException(
          "cannot start: the embedded guest's key cannot be read: " + unreadable, unreadable);
    }
  }

  private static String read(Path file) throws IOException {
    byte[] bytes = new byte[MOST_BYTES + 1];
    int length;
    try (var in = Files.newInputStream(file)) {
      length = in.readNBytes(bytes, 0, bytes.length);
    }
    String key = new String(bytes, 0, length, StandardCharsets.ISO_8859_1).strip();
    if (!KEY.matcher(key).matches()) {
      throw new Voicebridge.StartException(
          "cannot start: "
              + file
              + " holds no key of the embedded guest; restore it, or delete it to begin with a new"
              + " key, which does not see the voices made so far",
          null);
    }
    return key;
  }

  /** Whole or not at all, and for nobody else to read, where the file system knows owners. */
  private static String made(Path file) {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    String key = "sk-" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    Path fresh = file.resolveSibling(FILE + ".new");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.deleteIfExists(fresh);
      try (SeekableByteChannel out =
          Files.newByteChannel(
              fresh,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              ownerOnly(fresh))) {
        ByteBuffer bytes = ByteBuffer.wrap((key + "\n").getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      // Another process may have begun in the same folder: what is there now is the key of both.
      return read(file);
    } catch (IOException refused) {
      throw new Voicebridge.StartException(
          "cannot start: the embedded guest's key cannot be written (VOICEBRIDGE_DATA_DIR): "
              + refused,
          refused);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
