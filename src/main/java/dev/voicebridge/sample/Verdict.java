package dev.voicebridge.sample;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one provider would make of a sample.
 *
 * @param vendorCode the error that the provider would give for the sample as it is; null when it
 *     would take it
 * @param reasons rules of this provider that the sample breaks; empty when it is {@code ok}
 */
public record Verdict(
    Provider provider, Status status, @Nullable String vendorCode, List<FindingCode> reasons) {
  /** Whether a voice can be made. */
  public enum Status {
    /** As it is. */
    OK,
    /** From the mended sample. */
    USABLE_AFTER_MENDING,
    /** Not at all. */
    REFUSED;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  JsonObject toJson() {
    JsonArray codes = new JsonArray();
    reasons.forEach(reason -> codes.add(reason.wireName()));
    return new JsonObject()
        .put("provider", provider.wireName())
        .put("verdict", status.wireName())
        .put("vendor_code", vendorCode)
        .put("reasons", codes);
  }
}
