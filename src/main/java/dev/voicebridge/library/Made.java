package dev.voicebridge.library;

import dev.voicebridge.enrolment.Preview;
import dev.voicebridge.sample.MendedSample;
import dev.voicebridge.sample.SampleReport;
import dev.voicebridge.voice.Voice;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of an order.
 *
 * @param existing this sample already had that voice: nothing was made
 * @param report on the sample; null: it was not looked at (a design, an {@code oss://} sample)
 * @param mending what was done to the sample before the vendor got it; perhaps empty
 * @param preview of a design; null after a clone
 * @param leftOut wishes that the model has no field for, by their vendor names
 * @param remarks what else the vendor said, such as {@code fallback_mode}; perhaps empty
 * @param transcript what the vendor's recogniser heard, where the caller gave none; null: not asked
 */
public record Made(
    Voice voice,
    boolean existing,
    @Nullable SampleReport report,
    List<MendedSample.Step> mending,
    @Nullable Preview preview,
    List<String> leftOut,
    JsonObject remarks,
    @Nullable String transcript) {}
