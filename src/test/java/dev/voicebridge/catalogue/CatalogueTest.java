package dev.voicebridge.catalogue;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.catalogue.Model.Budget;
import dev.voicebridge.catalogue.PairVerdict.Fine;
import dev.voicebridge.catalogue.PairVerdict.Refused;
import dev.voicebridge.catalogue.PairVerdict.Unknown;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {
  private static final String CLONE = "-anna-5f0c2d9be3a84c7fb1d6a0e94b7c8d21";

  private final Catalogue catalogue = Catalogue.load();

  @ParameterizedTest
  @CsvSource({
    "qwen3-tts-flash-realtime, 49",
    "qwen3-tts-flash-realtime-2025-11-27, 49",
    "qwen3-tts-flash-realtime-2025-09-18, 17",
    "qwen3-tts-instruct-flash-realtime, 25",
    "qwen3-tts-instruct-flash-realtime-2026-01-22, 25",
    "qwen-tts-realtime, 4",
    "qwen-tts-realtime-latest, 4",
    "qwen-tts-realtime-2025-07-15, 4",
    "qwen3-tts-flash, 49",
    "qwen3-tts-flash-2025-11-27, 49",
    "qwen3-tts-flash-2025-09-18, 17",
    "qwen3-tts-instruct-flash, 25",
    "qwen3-tts-vc-2026-01-22, 0",
    "qwen3-tts-vd-2026-01-26, 0",
    "qwen-tts, 4",
    "qwen-tts-latest, 7",
    "qwen-tts-2025-05-22, 7",
    "qwen-tts-2025-04-10, 4",
    "qwen3-tts-vc-realtime-2026-01-15, 0",
    "qwen3-tts-vd-realtime-2025-12-16, 0",
    "cosyvoice-v3.5-plus, 0",
    "cosyvoice-v3-flash, 3",
    "cosyvoice-v2, 1",
    "cosyvoice-v1, 1",
    "qwen-audio-3.0-tts-plus, 1",
    "qwen-audio-3.1-tts-flash, 0",
    "sambert-zhichu-v1, 1"
  })
  void everyModelHasTheSystemVoicesOfTheVendorsTable(String model, int voices) {
    assertNotNull(catalogue.model(model));
    assertEquals(
        voices, catalogue.voices().stream().filter(v -> v.models().contains(model)).count());
  }

  @Test
  void aVoiceCarriesWhatAPickerShows() {
    SystemVoice sage = voice("Eldric Sage");
    assertEquals("沧明子", sage.nameZh());
    assertEquals("male", sage.gender());
    assertEquals("zh", sage.firstLanguage());
    assertEquals("老者 沉稳", sage.keywordsZh());
    assertEquals("old, wise, calm", sage.keywordsEn());
    assertEquals("yue", voice("Kiki").firstLanguage());
    assertEquals(
        Set.of(
            "qwen3-tts-flash-realtime",
            "qwen3-tts-flash-realtime-2025-11-27",
            "qwen3-tts-flash-realtime-2025-09-18",
            "qwen3-tts-flash",
            "qwen3-tts-flash-2025-11-27",
            "qwen3-tts-flash-2025-09-18"),
        voice("Kiki").models());
    assertEquals(
        7, catalogue.voices().stream().filter(v -> v.firstLanguage().startsWith("zh-")).count());
  }

  @Test
  void everyQwenVoiceHasAChineseNameAGenderAndKeywords() {
    List<SystemVoice> qwen =
        catalogue.voices().stream()
            .filter(v -> v.models().contains("qwen3-tts-flash-realtime"))
            .toList();

    assertEquals(49, qwen.stream().map(SystemVoice::nameZh).distinct().count());
    for (SystemVoice voice : qwen) {
      assertNotNull(voice.nameZh(), voice.name());
      assertNotNull(voice.gender(), voice.name());
      assertNotNull(voice.keywordsZh(), voice.name());
      assertNotNull(voice.keywordsEn(), voice.name());
    }
    assertEquals(26, qwen.stream().filter(v -> "male".equals(v.gender())).count());
  }

  @Test
  void presetsGoByTheirModelAndSpeakWithNoOther() {
    List<PresetVoice> presets = catalogue.presets();

    assertEquals(16, presets.size());
    assertEquals("FunAudioLLM/CosyVoice2-0.5B:alex", presets.get(0).name());
    for (PresetVoice preset : presets) {
      assertEquals(preset.model() + ":", preset.name().replaceFirst("[a-z]+$", ""));
      assertTrue(preset.gender() != null && preset.keywordsEn() != null, preset.name());
      assertInstanceOf(
          PairVerdict.Refused.class, catalogue.pair("qwen3-tts-flash-realtime", preset.name()));
      assertInstanceOf(PairVerdict.Fine.class, catalogue.pair(preset.model(), preset.name()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"anna", "Anna", "funaudiollm/cosyvoice2-0.5b:ANNA"})
  void aPresetWithoutItsModelIsCorrected(String voice) {
    PairVerdict verdict = catalogue.pair("FunAudioLLM/CosyVoice2-0.5B", voice);

    assertEquals(
        List.of("FunAudioLLM/CosyVoice2-0.5B:anna"),
        assertInstanceOf(PairVerdict.Refused.class, verdict).nearest());
  }

  @Test
  void anotherVendorsVoiceIsRefusedWithVoicesOfTheModel() {
    PairVerdict verdict = catalogue.pair("FunAudioLLM/CosyVoice2-0.5B", "Cherry");

    assertEquals(5, assertInstanceOf(PairVerdict.Refused.class, verdict).nearest().size());
    assertInstanceOf(
        PairVerdict.Refused.class, catalogue.pair("qwen3-tts-flash-realtime", "speech:a:b:c"));
  }

  @Test
  void everyModelSaysHowItIsSpokenTo() {
    assertEquals(49, catalogue.models().size());
    for (Model model : catalogue.models()) {
      assertAll(
          model.name(),
          () -> assertEquals(model.dialect(), catalogue.dialectOf(model.name())),
          () -> assertTrue(model.formats().contains(AudioFormat.PCM)),
          () -> assertTrue(model.sampleRatesHz().contains(model.defaultSampleRateHz())),
          () -> assertTrue(model.maxTextChars() >= 500),
          () -> assertFalse(model.voiceKinds().isEmpty()),
          () -> assertTrue(model.budget().syntheses() > 0),
          () -> assertEquals(model.can(Ability.LANGUAGE), !model.languages().isEmpty()));
    }
  }

  @Test
  void abilitiesFollowTheVendorsTables() {
    assertEquals(
        List.of(
            "qwen3-tts-instruct-flash-realtime",
            "qwen3-tts-instruct-flash-realtime-2026-01-22",
            "qwen3-tts-instruct-flash",
            "qwen3-tts-instruct-flash-2026-01-26"),
        catalogue.modelsThatCan(Ability.OPTIMIZE_INSTRUCTIONS));
    Model legacy = known("qwen-tts-realtime");
    assertEquals(Set.of(Ability.LANGUAGE), legacy.abilities());
    assertEquals(Set.of(AudioFormat.PCM), legacy.formats());
    assertEquals(Set.of(24000), legacy.sampleRatesHz());
    assertFalse(known("cosyvoice-v1").can(Ability.SSML));
    assertFalse(known("cosyvoice-v1").formats().contains(AudioFormat.OPUS));
    assertTrue(known("cosyvoice-v3-flash").can(Ability.INSTRUCTIONS));
    assertFalse(known("cosyvoice-v3-plus").can(Ability.INSTRUCTIONS));
    assertTrue(known("cosyvoice-v3.5-flash").languages().contains("Vietnamese"));
    assertTrue(known("FunAudioLLM/CosyVoice2-0.5B").spokenDialects().contains("Sichuanese"));
    assertFalse(known("sambert-beth-v1").formats().contains(AudioFormat.OPUS));
    assertEquals("fil", catalogue.languageCodes().get("Filipino"));
    assertEquals(16, catalogue.languageCodes().size());
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3-tts-flash-realtime, 180, 60, qwen3-tts-flash-realtime",
    "qwen3-tts-flash-realtime-2025-09-18, 10, 60, qwen3-tts-flash-realtime-2025-09-18",
    "qwen3-tts-vc-realtime-2025-11-27, 180, 60, qwen3-tts-vc-realtime",
    "qwen3-tts-vc-realtime-2026-01-15, 180, 60, qwen3-tts-vc-realtime",
    "qwen3-tts-vd-realtime-2025-12-16, 180, 60, qwen3-tts-vd-realtime",
    "qwen-tts-realtime-2025-07-15, 10, 60, qwen-tts-realtime",
    "qwen3-tts-flash, 180, 60, qwen3-tts-flash",
    "qwen3-tts-flash-2025-09-18, 10, 60, qwen3-tts-flash-2025-09-18",
    "qwen3-tts-vc-2026-01-22, 180, 60, qwen3-tts-vc-2026-01-22",
    "qwen-tts-latest, 10, 60, qwen-tts",
    "cosyvoice-v3.5-plus, 3, 1, cosyvoice",
    "cosyvoice-v1, 3, 1, cosyvoice",
    "sambert-zhichu-v1, 20, 1, sambert"
  })
  void budgetsAreTheVendors(String model, int syntheses, int seconds, String pot) {
    assertEquals(new Budget(syntheses, seconds, pot), known(model).budget());
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3-tts-flash-realtime, qwen3-tts-flash-realtime-2025-11-27, true",
    "qwen3-tts-instruct-flash-realtime-2026-01-22, qwen3-tts-instruct-flash-realtime, true",
    "qwen3-tts-flash-realtime, qwen3-tts-flash-realtime, true",
    "never-heard-of, never-heard-of, true",
    "qwen3-tts-flash-realtime, qwen3-tts-flash-realtime-2025-09-18, false",
    "qwen3-tts-vc-realtime, qwen3-tts-vc-realtime-2026-01-15, false",
    "qwen-tts-realtime, qwen-tts-realtime-latest, false"
  })
  void aliasesAreOneModelOnlyWhereTheVendorSaysSo(String one, String other, boolean same) {
    assertEquals(same, catalogue.sameModel(one, other));
    assertEquals(same, catalogue.sameModel(other, one));
  }

  @ParameterizedTest
  @CsvSource({
    "qwen4-tts-max-realtime-2027-01-01, QWEN_REALTIME",
    "cosyvoice-v4-plus, COSYVOICE",
    "qwen-audio-3.2-tts-plus, COSYVOICE",
    "sambert-zhilun-v1, SAMBERT",
    "cosyvoice-v3-plus, COSYVOICE",
    "qwen3-tts-flash, QWEN_HTTP",
    "qwen4-tts-max-2027-01-01, QWEN_HTTP",
    "qwen3-tts-vc-2027-01-01, QWEN_HTTP",
    "qwen3-tts-flash-realtme,",
    "sambert-clara-v1,",
    "qwen3-omni-flash-realtime,",
    "qwen3-asr-flash-realtime,",
    "gpt-4o-mini-tts,",
    "'',"
  })
  void theDialectOfAnUnknownModelFollowsItsFamily(String model, Dialect dialect) {
    assertEquals(dialect, catalogue.dialectOf(model));
  }

  @Test
  void anUnknownModelIsAssumedToBeLikeItsFamily() {
    assertNull(catalogue.model("cosyvoice-v4-plus"));
    Model assumed = catalogue.modelOrAssumed("cosyvoice-v4-plus");
    assertNotNull(assumed);
    assertEquals("cosyvoice-v4-plus", assumed.name());
    assertEquals("cosyvoice", assumed.budget().sharedBy());
    assertNull(assumed.defaultVoice());
    assertNull(catalogue.modelOrAssumed("qwen3-tts-flsh"));
    assertNull(catalogue.modelOrAssumed("tts-1"));
    assertEquals(known("cosyvoice-v2"), catalogue.modelOrAssumed("cosyvoice-v2"));
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3-tts-flsh, qwen3-tts-flash-realtime",
    "Qwen3-TTS-Flash-Realtime, qwen3-tts-flash-realtime",
    "qwen3-tts-flash-realtme, qwen3-tts-flash-realtime",
    "cosyvoice-v3flash, cosyvoice-v3-flash",
    "cosyvoice3.5-plus, cosyvoice-v3.5-plus"
  })
  void theNearestModelIsWhatWasMeant(String name, String nearest) {
    assertEquals(nearest, catalogue.nearestModels(name).get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "完全不同的名字"})
  void thereIsAlwaysANearestModel(String name) {
    assertFalse(catalogue.nearestModels(name).isEmpty());
    assertTrue(catalogue.nearestModels(name).size() <= 5);
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3-tts-flash-realtime, Cherry",
    "qwen3-tts-flash-realtime, ''",
    "qwen3-tts-flash-realtime-2025-11-27, Radio Gol",
    "qwen3-tts-instruct-flash-realtime-2026-01-22, Eldric Sage",
    "qwen-tts-realtime-latest, Chelsie",
    "cosyvoice-v3-flash, longhuhu_v3",
    "cosyvoice-v2, longxiaochun_v2",
    "qwen3-tts-flash, Cherry",
    "qwen3-tts-instruct-flash, ''",
    "qwen-tts-latest, Jada",
    "cosyvoice-v3-flash, cosyvoice-v3-flash" + CLONE,
    "cosyvoice-v3.5-plus, cosyvoice-v3.5-plus-vd-narr-0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "qwen-audio-3.1-tts-flash, qwen-audio-3.1-tts-flash" + CLONE,
    "sambert-zhichu-v1, ''",
    "sambert-zhichu-v1, zhichu",
    "sambert-zhichu-v1, sambert-zhichu-v1"
  })
  void whatIsKnownToWorkIsFine(String model, String voice) {
    assertEquals(new Fine(), catalogue.pair(model, voice));
  }

  @ParameterizedTest
  @CsvSource({
    // a system voice where there are none
    "cosyvoice-v3.5-plus, longanyang, model, cosyvoice-v3-plus",
    "cosyvoice-v3.5-flash, longanyang, model, cosyvoice-v3-flash",
    "qwen3-tts-vc-realtime-2026-01-15, Cherry, model, qwen3-tts-flash-realtime",
    "qwen3-tts-vd-realtime, longanyang, model, cosyvoice-v3-plus",
    // the voice of another model
    "cosyvoice-v2, longxiaochun, voice, longxiaochun_v2",
    "cosyvoice-v1, longxiaochun_v2, voice, longxiaochun",
    "qwen3-tts-instruct-flash-realtime, Dylan, voice, Ethan",
    "qwen-tts-realtime, Momo, voice, Cherry",
    "cosyvoice-v3-plus, Cherry, voice, longanyang",
    "qwen-audio-3.0-tts-plus, longanhuan_v3.6, voice, longanlingxin",
    "qwen3-tts-flash-realtime-2025-09-18, Serena, voice, Cherry",
    // mistyped case
    "qwen3-tts-flash-realtime, cherry, voice, Cherry",
    "qwen3-tts-flash-realtime, eldric sage, voice, Eldric Sage",
    "Qwen3-tts-flash-realtime, Cherry, model, qwen3-tts-flash-realtime",
    "qwen3-tts-vc-2026-01-22, Cherry, model, qwen3-tts-flash",
    "qwen3-tts-flash, qwen-tts-vc-anna-voice-1-7f3a, model, qwen3-tts-vc-2026-01-22",
    "qwen-tts, qwen-tts-vd-anna-voice-1-7f3a, model, qwen3-tts-vd-2026-01-26",
    "qwen3-tts-vc-2026-01-22, qwen-tts-vd-anna-voice-1-7f3a, model, qwen3-tts-vd-2026-01-26",
    "qwen-tts, Dylan, voice, Ethan",
    // models that cannot be spoken with
    "sambert-hanna-v1, '', model, sambert-beth-v1",
    "gpt-4o-mini-tts, alloy, model, qwen-tts-realtime",
    // custom voices made for another model
    "cosyvoice-v3-plus, cosyvoice-v3-flash" + CLONE + ", model, cosyvoice-v3-flash",
    "qwen3-tts-flash-realtime, cosyvoice-v2" + CLONE + ", model, cosyvoice-v2",
    "cosyvoice-v9, cosyvoice-v2" + CLONE + ", model, cosyvoice-v2",
    "qwen3-tts-flash-realtime, qwen-tts-vc-anna-voice-1-7f3a, model, qwen3-tts-vc-realtime-2026-01-15",
    "qwen3-tts-vc-realtime, qwen-tts-vd-anna-voice-1-7f3a, model, qwen3-tts-vd-realtime-2026-01-15",
    "cosyvoice-v3-flash, qwen-tts-vc-anna-voice-1-7f3a, model, qwen3-tts-vc-realtime-2026-01-15",
    // a Sambert model is its own voice
    "sambert-zhichu-v1, zhinan, voice, zhichu",
    "sambert-zhichu-v1, my-clone, voice, zhichu"
  })
  void whatIsKnownToFailIsRefusedWithTheNearestValidChoice(
      String model, String voice, String param, String nearest) {
    Refused refused = assertInstanceOf(Refused.class, catalogue.pair(model, voice));

    assertEquals(param, refused.param());
    assertEquals(nearest, refused.nearest().get(0), refused.message());
    assertTrue(refused.nearest().size() <= 5);
    if (param.equals("voice")) {
      assertEquals(new Fine(), catalogue.pair(model, nearest), "the nearest choice is valid");
      assertTrue(refused.message().contains(model) || voice.equalsIgnoreCase(nearest));
    } else {
      assertNotNull(catalogue.model(nearest), "the nearest choice exists");
      assertTrue(refused.message().contains(nearest), refused.message());
    }
  }

  @Test
  void aModelWithoutSystemVoicesWantsAVoiceToBeNamed() {
    for (String model : List.of("cosyvoice-v3.5-plus", "qwen3-tts-vc-realtime-2026-01-15")) {
      Refused refused = assertInstanceOf(Refused.class, catalogue.pair(model, ""));
      assertEquals("voice", refused.param());
      assertTrue(refused.message().contains("target_model \"" + model + "\""));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3-tts-flash-realtime, Aurora, voice",
    "qwen3-tts-flash-realtime, 'a voice: with colon', voice",
    "qwen3-tts-vc-realtime-2026-01-15, qwen-tts-vc-anna-voice-20260302091500123-7f3a, voice",
    "qwen3-tts-vd-realtime-2026-01-15, qwen-tts-vd-narr-voice-20260302093000456-1c9e, voice",
    "cosyvoice-v3.5-plus, longfuture, voice",
    "cosyvoice-v3-flash, longwan_v3, voice",
    "cosyvoice-v3-flash, cosyvoice-v9" + CLONE + ", voice",
    "qwen4-tts-flash-realtime, Cherry, model",
    "cosyvoice-v9, '', model",
    "cosyvoice-v3-flash-2027-01-01, cosyvoice-v3-flash-2027-01-01" + CLONE + ", model",
    "sambert-zhilun-v1, '', model"
  })
  void whatTheFileDoesNotKnowIsPassedOnWithAWarning(String model, String voice, String param) {
    Unknown unknown = assertInstanceOf(Unknown.class, catalogue.pair(model, voice));

    assertEquals(param, unknown.param());
    assertTrue(unknown.message().contains(param.equals("model") ? model : voice));
  }

  @Test
  void aHugeNameCostsAndShowsLittle() {
    String huge = "x".repeat(5_000_000);

    for (PairVerdict verdict :
        List.of(
            catalogue.pair("qwen3-tts-flash-realtime", huge),
            catalogue.pair("qwen3-tts-vc-realtime", "qwen-tts-vd-" + huge),
            catalogue.pair("sambert-zhichu-v1", huge),
            catalogue.pair("cosyvoice-v2", "cosyvoice-v1-" + huge),
            catalogue.pair("cosyvoice-" + huge, "v"),
            catalogue.pair(huge, "v"))) {
      assertTrue(verdict.toString().length() < 1000, verdict.getClass().toString());
    }
  }

  @Test
  void aLikelySlipInAVoiceNameIsPointedOut() {
    Unknown unknown =
        assertInstanceOf(Unknown.class, catalogue.pair("qwen3-tts-flash-realtime", "Chery"));
    assertTrue(unknown.message().contains("Did you mean \"Cherry\"?"), unknown.message());
  }

  private Model known(String name) {
    Model model = catalogue.model(name);
    assertNotNull(model, name);
    return model;
  }

  private SystemVoice voice(String name) {
    return catalogue.voices().stream()
        .filter(voice -> voice.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
