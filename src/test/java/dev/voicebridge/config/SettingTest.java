package dev.voicebridge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SettingTest {
  private static final Pattern ROW = Pattern.compile("\\| `([A-Z_]+)` \\| (.*?) \\| (.*) \\|");

  @Test
  void theReadmeListsExactlyTheseSettings() throws IOException {
    List<String> listed =
        Files.readAllLines(Path.of("README.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .map(ROW::matcher)
            .filter(row -> row.matches() && isSettingName(row.group(1)))
            .map(row -> row.group(1) + " " + row.group(2).replace("`", ""))
            .toList();

    assertEquals(
        Arrays.stream(Setting.values())
            .map(setting -> setting.name() + " " + setting.shownDefault())
            .toList(),
        listed);
  }

  /** Other tables of the README may have rows of the same shape. */
  private static boolean isSettingName(String name) {
    return name.startsWith("VOICEBRIDGE_")
        || Arrays.stream(Setting.values()).anyMatch(setting -> setting.name().equals(name));
  }

  @Test
  void everySettingSaysWhatItIsForInOneLine() {
    for (Setting setting : Setting.values()) {
      assertFalse(setting.doc().isBlank(), setting.name());
      assertFalse(setting.doc().contains("|") || setting.doc().contains("\n"), setting.name());
    }
  }
}
