package dev.voicebridge.enrolment;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A voice just made.
 *
 * @param preview of a design; null after a clone
 * @param sampleRoute how the sample reached the provider: {@code inline}, {@code url}, {@code
 *     temporary_upload}; {@code none} for a design
 * @param leftOut wishes that the model has no field for, by their vendor names
 * @param remarks what else the provider said, such as {@code fallback_mode}; perhaps empty
 */
public record Enrolled(
    EnrolledVoice voice,
    @Nullable Preview preview,
    String sampleRoute,
    List<String> leftOut,
    JsonObject remarks,
    Receipt receipt) {}
