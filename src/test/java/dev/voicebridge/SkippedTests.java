package dev.voicebridge;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Names what was skipped and why: a tool that is not there, as a rule. Once, at the end of the
 * plan: all tests, or one class where several run side by side. Found through {@code
 * META-INF/services}.
 */
public final class SkippedTests implements TestExecutionListener {
  private final Map<String, String> reasons = new ConcurrentSkipListMap<>();

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    reasons.put(nameOf(test), reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      reasons.put(nameOf(test), result.getThrowable().map(Throwable::getMessage).orElse("aborted"));
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    reasons.forEach((name, reason) -> System.out.println("SKIPPED " + name + ": " + reason));
    reasons.clear();
  }

  private static String nameOf(TestIdentifier test) {
    return test.getUniqueIdObject().getSegments().stream()
        .skip(1)
        .map(segment -> segment.getValue().replaceAll("^dev\\.voicebridge\\.", ""))
        .reduce((outer, inner) -> outer + " › " + inner)
        .orElse(test.getDisplayName());
  }
}
