package dev.voicebridge.emulator.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Voice variants of our own, written beside espeak's: its male and female ones without flutter,
 * roughness and echo, whose state survives an utterance and would make the same text sound
 * different each time; and children, which it doesn't have.
 */
final class Timbres {
  /** Without m5 and m8, which are hard to understand in Mandarin. */
  static final List<String> MALE = names("m", 1, 2, 3, 4, 6, 7);

  static final List<String> FEMALE = names("f", 1, 2, 3, 4, 5);
  static final List<String> CHILD = names("c", 1, 2, 3);

  private static final String PREFIX = "voicebridge-";

  /** Median pitch at the middle of espeak's scale, measured on Mandarin and English sentences. */
  private static final Map<String, Integer> NATURAL_HZ =
      Map.ofEntries(
          Map.entry("m1", 90),
          Map.entry("m2", 97),
          Map.entry("m3", 101),
          Map.entry("m4", 91),
          Map.entry("m6", 97),
          Map.entry("m7", 101),
          Map.entry("f1", 170),
          Map.entry("f2", 183),
          Map.entry("f3", 196),
          Map.entry("f4", 169),
          Map.entry("f5", 194),
          Map.entry("c1", 281),
          Map.entry("c2", 297),
          Map.entry("c3", 311));

  /** Measured too: more than 50, because the scale bends. */
  private static final double STEPS_AN_OCTAVE = 65;

  private static final Pattern STATEFUL = Pattern.compile("flutter|roughness|echo");

  private Timbres() {}

  static double naturalHz(String timbre) {
    return NATURAL_HZ.getOrDefault(timbre.substring(PREFIX.length()), 150);
  }

  /** How far up espeak's scale (or down, when negative) a factor on the pitch is. */
  static int steps(double factor) {
    return (int) Math.round(STEPS_AN_OCTAVE * Math.log(factor) / Math.log(2));
  }

  static void write(Path data) throws IOException {
    Path variants = data.resolve("voices").resolve("!v");
    for (List<String> group : List.of(MALE, FEMALE)) {
      for (String timbre : group) {
        List<String> lines = new ArrayList<>();
        Path original = variants.resolve(timbre.substring(PREFIX.length()));
        for (String line : Files.readAllLines(original, StandardCharsets.ISO_8859_1)) {
          if (!STATEFUL.matcher(line).lookingAt()) {
            lines.add(line);
          }
        }
        lines.add("flutter 0");
        lines.add("roughness 0");
        Files.write(variants.resolve(timbre), lines, StandardCharsets.ISO_8859_1);
      }
    }
    for (int i = 0; i < CHILD.size(); i++) {
      Files.write(variants.resolve(CHILD.get(i)), child(i), StandardCharsets.ISO_8859_1);
    }
  }

  /** A shorter throat: everything higher, the upper formants weaker. */
  private static List<String> child(int i) {
    int tract = 122 + 5 * i;
    List<String> lines = new ArrayList<>();
    lines.add("language variant");
    lines.add("name child" + (i + 1));
    lines.add("gender female 10");
    lines.add("pitch " + (225 + 15 * i) + " " + (330 + 15 * i));
    for (int formant = 0; formant <= 8; formant++) {
      lines.add("formant " + formant + " " + tract + " " + (formant < 3 ? 85 : 75) + " 150");
    }
    lines.add("flutter 0");
    lines.add("roughness 0");
    return lines;
  }

  private static List<String> names(String group, int... numbers) {
    List<String> names = new ArrayList<>();
    for (int number : numbers) {
      names.add(PREFIX + group + number);
    }
    return List.copyOf(names);
  }
}
