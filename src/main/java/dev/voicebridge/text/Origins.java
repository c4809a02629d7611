package dev.voicebridge.text;

import java.util.Arrays;

/**
 * From a rewritten text back to the text it was made of. All indices are UTF-16 units from the
 * beginning of either text.
 */
public final class Origins {
  private static final int FIRST = 16;

  // Run i begins at writtenAt[i] and originalAt[i] and ends where run i+1 begins.
  private int[] writtenAt = new int[FIRST];
  private int[] originalAt = new int[FIRST];
  private boolean[] copied = new boolean[FIRST];
  private int runs;
  private int written;
  private int original;

  Origins() {}

  /** So much was taken over as it was. */
  void copied(int length) {
    add(length, length, true);
  }

  /**
   * @param writtenLength zero: left out
   * @param originalLength zero: put in
   */
  void replaced(int writtenLength, int originalLength) {
    add(writtenLength, originalLength, false);
  }

  private void add(int writtenLength, int originalLength, boolean copy) {
    if (writtenLength == 0 && originalLength == 0) {
      return;
    }
    if (runs == 0 || !copy || !copied[runs - 1]) {
      if (runs == writtenAt.length) {
        writtenAt = Arrays.copyOf(writtenAt, runs * 2);
        originalAt = Arrays.copyOf(originalAt, runs * 2);
        copied = Arrays.copyOf(copied, runs * 2);
      }
      writtenAt[runs] = written;
      originalAt[runs] = original;
      copied[runs] = copy;
      runs++;
    }
    written += writtenLength;
    original += originalLength;
  }

  /** How much has been written. */
  public int written() {
    return written;
  }

  /** How much of the original that accounts for. */
  public int original() {
    return original;
  }

  /**
   * Where the original of a written character begins; at the end of what is written, the end of
   * what it was made of.
   */
  public int beginOf(int index) {
    if (index >= written) {
      return original;
    }
    int run = runOf(index);
    return originalAt[run] + (copied[run] ? index - writtenAt[run] : 0);
  }

  /**
   * Where the original of everything before that index ends: what was left out just after it does
   * not count. All of it, once everything is meant.
   */
  public int endOf(int index) {
    if (index >= written) {
      return original;
    }
    if (index <= 0) {
      return 0;
    }
    return endOfCharacter(index - 1);
  }

  /** Where the original of one written character ends. */
  public int endOfCharacter(int index) {
    if (index < 0 || index >= written) {
      return index < 0 ? 0 : original;
    }
    int run = runOf(index);
    if (copied[run]) {
      return originalAt[run] + index - writtenAt[run] + 1;
    }
    return run + 1 < runs ? originalAt[run + 1] : original;
  }

  /** The last run that begins there or before, and is not empty there. */
  private int runOf(int index) {
    int low = 0;
    int high = runs - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (writtenAt[middle] <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
