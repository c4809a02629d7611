package dev.voicebridge.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The vendor's own file of keys: {@code name = value} lines below {@code [profile]} lines. */
final class CredentialsFile {
  private CredentialsFile() {}

  /**
   * The first {@code dashscope_api_key} before any profile or in {@code [default]}.
   *
   * @return null when there is none
   */
  static @Nullable String dashScopeKey(Path file) throws IOException {
    boolean inDefault = true;
    for (String line : Files.readAllLines(file)) {
      String text = line.strip();
      if (text.startsWith("[")) {
        inDefault = text.equals("[default]");
      }
      int equals = text.indexOf('=');
      if (inDefault
          && equals > 0
          && text.substring(0, equals).strip().equals("dashscope_api_key")) {
        String value = text.substring(equals + 1).strip();
        return value.isEmpty() ? null : value;
      }
    }
    return null;
  }
}
