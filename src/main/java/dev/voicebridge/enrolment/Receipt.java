package dev.voicebridge.enrolment;

import java.util.List;
import java.util.stream.Stream;

/**
 * What the provider noted down.
 *
 * @param requestIds one a call, in their order; empty where the provider gives none
 * @param usageCount what it counted against the account, summed
 */
public record Receipt(List<String> requestIds, int usageCount) {
  static final Receipt NONE = new Receipt(List.of(), 0);

  Receipt and(Receipt next) {
    return new Receipt(
        Stream.concat(requestIds.stream(), next.requestIds.stream()).toList(),
        usageCount + next.usageCount);
  }
}
