package dev.voicebridge.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what someone probably meant. */
public final class Nearest {
  /** What comes from outside may be long, and comparing takes the product of the lengths. */
  private static final int COMPARED = 100;

  private Nearest() {}

  /**
   * @return the candidates most like {@code name}, best first, at most {@code limit}; equals keep
   *     their order
   */
  public static List<String> to(String name, Collection<String> candidates, int limit) {
    return candidates.stream()
        .sorted(Comparator.comparingInt(candidate -> distance(name, candidate)))
        .limit(limit)
        .toList();
  }

  /** Whether one is a likely slip of the other: at most a third of its letters differ. */
  public static boolean alike(String one, String other) {
    return distance(one, other) * 3 <= Math.max(one.length(), other.length());
  }

  /**
   * Letters to insert, delete or replace (Levenshtein) among the first hundred of each; case does
   * not count.
   */
  public static int distance(String one, String other) {
    String a = start(one).toLowerCase(Locale.ROOT);
    String b = start(other).toLowerCase(Locale.ROOT);
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[b.length()];
  }

  private static String start(String name) {
    return name.length() <= COMPARED ? name : name.substring(0, COMPARED);
  }
}
