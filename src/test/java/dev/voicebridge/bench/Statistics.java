package dev.voicebridge.bench;

import java.util.Collection;
import java.util.List;

final class Statistics {
  private Statistics() {}

  /**
   * @param part 0: the least, 0.5: the median, 1: the greatest
   */
  static double quantile(Collection<? extends Number> values, double part) {
    List<Double> sorted = values.stream().map(Number::doubleValue).sorted().toList();
    double at = part * (sorted.size() - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
  }
}
