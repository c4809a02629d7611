package dev.voicebridge.enrolment;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/**
 * A model that voices are made for, as far as it is known. Any thread.
 *
 * @param can {@code clone}, {@code design}
 * @param defaultFor which of them it does where no model is named
 * @param fields of the vendor that it takes besides: {@code max_prompt_audio_length}, {@code
 *     enable_preprocess}
 * @param languages of the sample that can be named, as BCP 47 tags; empty: none can be
 * @param transcript what the sample says: {@code none}, {@code optional} or {@code required}
 */
public record TargetModel(
    String name,
    Provider provider,
    Set<String> can,
    Set<String> defaultFor,
    Set<String> fields,
    List<String> languages,
    String transcript) {

  /** Those that a region offers, the best first. */
  public static List<TargetModel> offered(Provider provider, Region region) {
    return Targets.all().stream()
        .filter(target -> target.provider() == provider)
        .filter(target -> target.can().stream().anyMatch(what -> !target.withholds(region, what)))
        .map(TargetModel::of)
        .toList();
  }

  private static TargetModel of(Targets.Target target) {
    return new TargetModel(
        target.name(),
        target.provider(),
        target.can(),
        Set.copyOf(
            target.can().stream()
                .filter(what -> target.name().equals(Targets.defaultOf(target.provider(), what)))
                .toList()),
        target.fields(),
        target.languages(),
        switch (target.provider()) {
          case COSYVOICE -> "none";
          case QWEN -> "optional";
          case SILICONFLOW -> "required";
        });
  }

  public JsonObject toJson() {
    return new JsonObject()
        .put("id", name)
        .put("object", "target_model")
        .put("provider", provider.id())
        .put("can", sorted(can))
        .put("default_for", sorted(defaultFor))
        .put("fields", sorted(fields))
        .put("languages", new JsonArray(languages))
        .put("transcript", transcript);
  }

  private static JsonArray sorted(Set<String> names) {
    return new JsonArray(names.stream().sorted().toList());
  }
}
