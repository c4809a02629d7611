package dev.voicebridge.enrolment;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.catalogue.Model;
import dev.voicebridge.enrolment.Targets.Target;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is bound to fail, said before the call. Judges only what is known: an unlisted model, an
 * unknown region or a voice nobody described passes. Any thread.
 */
public final class Impossible {
  /** Both DashScope families; in bytes. */
  private static final int MAX_SAMPLE = 10 * 1024 * 1024;

  private Impossible() {}

  /**
   * A voice and what shall be done with it. Null: not known, no rule.
   *
   * @param language a BCP 47 tag of the text
   * @param account fingerprint of the key at hand; compared with {@code voiceAccount}
   */
  public record Speaking(
      String model,
      EnrolledVoice voice,
      @Nullable String language,
      Region region,
      @Nullable Region voiceRegion,
      @Nullable String account,
      @Nullable String voiceAccount) {

    public Speaking(String model, EnrolledVoice voice, Region region) {
      this(model, voice, null, region, null, null, null);
    }
  }

  /**
   * @return everything that stands against speaking so, the gravest first; empty: nothing known
   */
  public static List<Diagnosis> check(Speaking what, Catalogue catalogue) {
    List<Diagnosis> against = new ArrayList<>();
    EnrolledVoice voice = what.voice();
    JsonObject about =
        new JsonObject()
            .put("voice", Diagnosis.shown(voice.providerVoiceId()))
            .put("model", Diagnosis.shown(what.model()))
            .put("status", voice.status().name());
    if (what.account() != null
        && what.voiceAccount() != null
        && !what.account().equals(what.voiceAccount())) {
      against.add(Diagnosis.named("foreign_account", about.copy()));
    }
    if (what.voiceRegion() != null
        && what.voiceRegion() != Region.UNKNOWN
        && what.region() != Region.UNKNOWN
        && what.voiceRegion() != what.region()) {
      against.add(
          Diagnosis.named(
              "foreign_region",
              about
                  .copy()
                  .put("voice_region", id(what.voiceRegion()))
                  .put("region", id(what.region()))));
    }
    String made = voice.targetModel();
    if (made != null && !catalogue.sameModel(made, what.model())) {
      against.add(
          Diagnosis.named(
              "model_differs_from_target",
              about.copy().put("target_model", Diagnosis.shown(made))));
    }
    if (voice.status() == EnrolledVoice.Status.UNDEPLOYED) {
      against.add(Diagnosis.named("voice_undeployed", about.copy()));
    } else if (voice.status() == EnrolledVoice.Status.DEPLOYING) {
      against.add(Diagnosis.named("voice_not_ready", about.copy()));
    }
    Target target = Targets.known(what.model());
    if (target != null && target.withholds(what.region(), "speak")) {
      against.add(wrongRegion(target, "speak", what.region()));
    }
    speakingLanguage(what, catalogue, about, against);
    return List.copyOf(against);
  }

  private static void speakingLanguage(
      Speaking what, Catalogue catalogue, JsonObject about, List<Diagnosis> against) {
    Model model = catalogue.model(what.model());
    if (what.language() == null || model == null || model.languages().isEmpty()) {
      return;
    }
    String code = Targets.languageCode(what.language());
    Set<String> codes =
        catalogue.languageCodes().entrySet().stream()
            .filter(entry -> model.languages().contains(entry.getKey()))
            .map(java.util.Map.Entry::getValue)
            .collect(Collectors.toSet());
    if (!codes.contains(code)) {
      against.add(
          Diagnosis.named(
              "wrong_language",
              about
                  .copy()
                  .put("target_model", what.model())
                  .put("language", Diagnosis.shown(what.language()))
                  .put("languages", codes.stream().sorted().collect(Collectors.joining(", ")))));
    }
  }

  /**
   * @return everything that stands against cloning so; empty: nothing known
   */
  public static List<Diagnosis> check(Provider provider, CloneRequest request, Region region) {
    List<Diagnosis> against = new ArrayList<>();
    common(provider, request, "clone", request.language(), region, against);
    Double seconds = request.maxPromptSeconds();
    if (seconds != null && provider == Provider.COSYVOICE && !(seconds >= 3 && seconds <= 30)) {
      against.add(Diagnosis.named("prompt_length_out_of_range"));
    }
    String transcript = request.transcript();
    if (provider == Provider.SILICONFLOW && (transcript == null || transcript.isBlank())) {
      against.add(Diagnosis.named("transcript_missing"));
    }
    against.addAll(check(provider, request.sample()));
    return List.copyOf(against);
  }

  /**
   * @return everything that stands against designing so, {@link DescriptionRules} included
   */
  public static List<Diagnosis> check(Provider provider, DesignRequest request, Region region) {
    List<Diagnosis> against = new ArrayList<>();
    if (Targets.defaultOf(provider, "design") == null) {
      against.add(
          Diagnosis.named(
              "operation_unsupported",
              new JsonObject().put("provider", provider.id()).put("operation", "design")));
      return against;
    }
    common(provider, request, "design", request.language(), region, against);
    previewFormat(provider, request, against);
    against.addAll(DescriptionRules.check(provider, request));
    return List.copyOf(against);
  }

  /** Size and way of a sample, without listening to it. */
  static List<Diagnosis> check(Provider provider, Sample sample) {
    if (sample instanceof Sample.AtUrl there) {
      if (provider == Provider.SILICONFLOW) {
        return List.of(
            Diagnosis.named(
                "sample_must_be_inline", new JsonObject().put("provider", provider.id())));
      }
      return there.url().matches("(?i)(https?|oss)://[^\\s]+")
          ? List.of()
          : List.of(Diagnosis.named("sample_url_scheme"));
    }
    Sample.Inline inline = (Sample.Inline) sample;
    if (inline.size() == 0) {
      return List.of(Diagnosis.named("sample_empty"));
    }
    long travels =
        provider == Provider.QWEN
            ? (inline.size() + 2L) / 3 * 4 + inline.mimeType().length() + 13
            : inline.size();
    boolean fits = provider == Provider.QWEN ? travels < MAX_SAMPLE : travels <= MAX_SAMPLE;
    return fits
        ? List.of()
        : List.of(
            Diagnosis.named("sample_too_large", new JsonObject().put("bytes", inline.size())));
  }

  private static void common(
      Provider provider,
      EnrolmentRequest request,
      String what,
      @Nullable String language,
      Region region,
      List<Diagnosis> against) {
    if (!Prefix.isLegal(provider, request.prefix())) {
      against.add(
          Diagnosis.named(
              "prefix_illegal", new JsonObject().put("prefix", Diagnosis.shown(request.prefix()))));
    }
    String model = target(provider, request);
    Target target = Targets.of(model);
    if (target == null || !target.known()) {
      // A model that isn't listed passes, unless its name says that it is somebody else's.
      if (target != null && target.provider() != provider) {
        against.add(instead("provider_model_mismatch", provider, model, what, region));
      }
      return;
    }
    if (target.provider() != provider) {
      against.add(instead("provider_model_mismatch", provider, model, what, region));
      return;
    }
    if (!target.can().contains(what)) {
      against.add(instead(what + "_unsupported", provider, model, what, region));
      return;
    }
    if (provider.isDashScope() && target.withholds(region, what)) {
      against.add(wrongRegion(target, what, region));
    }
    if (language != null
        && !target.languages().isEmpty()
        && !target.languages().contains(Targets.languageCode(language))) {
      against.add(
          Diagnosis.named(
              "wrong_language",
              new JsonObject()
                  .put("target_model", model)
                  .put("language", Diagnosis.shown(language))
                  .put("languages", String.join(", ", target.languages()))));
    }
  }

  private static void previewFormat(
      Provider provider, DesignRequest request, List<Diagnosis> against) {
    List<String> formats =
        provider == Provider.QWEN
            ? List.of("wav", "pcm", "mp3", "opus")
            : List.of("wav", "pcm", "mp3");
    List<Integer> rates =
        provider == Provider.QWEN
            ? List.of(8000, 16000, 24000, 48000)
            : List.of(16000, 24000, 48000);
    String format = request.format() == null ? "wav" : request.format();
    int rate = request.sampleRateHz() == null ? 24000 : request.sampleRateHz();
    if (!formats.contains(format) || !rates.contains(rate)) {
      against.add(
          Diagnosis.named(
              "preview_format_unsupported",
              new JsonObject()
                  .put("format", Diagnosis.shown(format))
                  .put("sample_rate_hz", rate)
                  .put("instead", formats + " " + rates)));
    }
  }

  private static Diagnosis instead(
      String code, Provider provider, String model, String what, Region region) {
    return Diagnosis.named(
        code,
        new JsonObject()
            .put("provider", provider.id())
            .put("target_model", Diagnosis.shown(model))
            .put("instead", String.join(", ", Targets.thatCan(provider, what, region))));
  }

  private static Diagnosis wrongRegion(Target target, String what, Region region) {
    return Diagnosis.named(
        "wrong_region",
        new JsonObject()
            .put("target_model", target.name())
            .put("operation", what)
            .put("region", id(region))
            .put("instead", String.join(", ", Targets.thatCan(target.provider(), what, region))));
  }

  private static String id(Region region) {
    return region.name().toLowerCase(Locale.ROOT);
  }

  /** The model asked for, or the provider's default. */
  public static String target(Provider provider, EnrolmentRequest request) {
    if (!request.targetModel().isEmpty()) {
      return request.targetModel();
    }
    String what = request instanceof CloneRequest ? "clone" : "design";
    String usual = Targets.defaultOf(provider, what);
    return usual == null ? "" : usual;
  }

  /** The first thing that stands against it, or null. */
  static @Nullable EnrolmentException refusal(
      Provider provider, EnrolmentRequest request, Account account) {
    return first(provider, against(provider, request, account));
  }

  static @Nullable EnrolmentException refusal(Provider provider, Sample sample, Account account) {
    return first(provider, check(provider, sample));
  }

  private static @Nullable EnrolmentException first(Provider provider, List<Diagnosis> against) {
    if (against.isEmpty()) {
      return null;
    }
    against.get(0).evidence().put("provider", provider.id());
    return new EnrolmentException(against.get(0), false);
  }

  private static List<Diagnosis> against(
      Provider provider, EnrolmentRequest request, Account account) {
    return request instanceof CloneRequest clone
        ? check(provider, clone, account.region())
        : check(provider, (DesignRequest) request, account.region());
  }

  /** What {@link Enrolment#dryRun} answers, but for the sample. */
  static JsonObject dryRun(
      Enrolment enrolment, EnrolmentRequest request, Composed composed, Account account) {
    return shown(
        composed.call().shown(account.baseUrl()),
        composed.leftOut(),
        against(enrolment.provider(), request, account));
  }

  static JsonObject shown(JsonObject request, List<String> leftOut, List<Diagnosis> problems) {
    JsonArray told = new JsonArray();
    problems.forEach(problem -> told.add(problem.toJson()));
    return request.put("left_out", new JsonArray(new ArrayList<>(leftOut))).put("problems", told);
  }

  static List<Diagnosis> problems(Provider provider, EnrolmentRequest request, Account account) {
    return against(provider, request, account);
  }
}
