package dev.voicebridge.enrolment;

import dev.voicebridge.enrolment.DashScope.Call;
import java.util.List;

/**
 * @param leftOut wishes for which the model has no field
 */
record Composed(Call call, List<String> leftOut) {}
