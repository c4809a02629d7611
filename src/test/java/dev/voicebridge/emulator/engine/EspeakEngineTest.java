package dev.voicebridge.emulator.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.emulator.engine.SpeechEngine.Sink;
import dev.voicebridge.emulator.engine.SpeechEngine.Utterance;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EspeakEngineTest {
  private static final String MANDARIN = "你好，世界。今天天气很好，我们一起去公园吧！";
  private static final String ENGLISH = "Hello world. This is a small test of the voice, isn't it?";
  private static final String JAPANESE = "こんにちは。私は日本語を話します。今日はいい天気ですね。";
  private static final String CANTONESE = "早晨！你好，我哋一齊去飲茶，好唔好呀？";

  private static SpeechEngine engine;

  @BeforeAll
  static void open() {
    engine = EspeakEngine.open();
  }

  @ParameterizedTest
  @CsvSource({
    MANDARIN + ", Cherry, Chinese, 3500, 7000",
    "'" + ENGLISH + "', Ethan, English, 2500, 5500",
    JAPANESE + ", Ono Anna, Japanese, 3000, 7000",
    CANTONESE + ", Rocky, Chinese, 2300, 5500",
    "Guten Morgen und willkommen in unserem kleinen Laden., Lenn, German, 1800, 4500",
    "안녕하세요 오늘 날씨가 아주 좋습니다., Sohee, Korean, 1800, 4500",
    "Доброе утро! Сегодня очень хорошая погода., Alek, Russian, 1800, 4500",
  })
  void aSentenceIsSpeech(String text, String voice, String language, int minMs, int maxMs) {
    Speech speech = Speech.of(engine, text, voice, language);

    assertTrue(speech.ms() >= minMs && speech.ms() <= maxMs, speech.ms() + " ms");
    assertTrue(speech.rms() > 500, "rms " + speech.rms());
    assertTrue(speech.longestSilenceMs() < 500, speech.longestSilenceMs() + " ms of silence");
    assertTrue(speech.pitchHz() > 60 && speech.pitchHz() < 400, speech.pitchHz() + " Hz");
  }

  @Test
  void paragraphsAndSlowSpeechDontFallSilent() {
    String text = "First.\n\n\nSecond... third.\n\n你好。\n\n世界。 Fourth — and 5!";

    Speech speech = Speech.of(engine, new Utterance(text, "Cherry", "Auto", 0.5, 1, 50, 16000));

    assertTrue(speech.longestSilenceMs() < 500, speech.longestSilenceMs() + " ms of silence");
  }

  @ParameterizedTest
  @ValueSource(ints = {8000, 16000, 22050, 24000, 44100, 48000})
  void lastsAsLongAtEverySampleRate(int rate) {
    Speech speech = Speech.of(engine, new Utterance(MANDARIN, "Cherry", "Auto", 1, 1, 50, rate));

    assertEquals(Speech.of(engine, MANDARIN, "Cherry", "Auto").ms(), speech.ms(), 2.0);
    assertTrue(speech.rms() > 500);
  }

  @ParameterizedTest
  @ValueSource(strings = {MANDARIN, JAPANESE, "我喜欢 Java 和 espeak，很好。Yes, 很好 and good."})
  void theEdgesOfBlocksDontClick(String text) {
    Speech speech = Speech.of(engine, text, "Ethan", "Auto");

    short[] all = speech.samples();
    int worstElsewhere = 0;
    Set<Integer> edges = new HashSet<>();
    int edge = 0;
    for (short[] block : speech.blocks) {
      edge += block.length;
      edges.add(edge);
    }
    int worstAtEdge = 0;
    for (int i = 1; i < all.length; i++) {
      int jump = Math.abs(all[i] - all[i - 1]);
      if (edges.contains(i)) {
        worstAtEdge = Math.max(worstAtEdge, jump);
      } else {
        worstElsewhere = Math.max(worstElsewhere, jump);
      }
    }
    assertTrue(edges.size() > 20, "blocks: " + edges.size());
    assertTrue(worstAtEdge <= worstElsewhere, worstAtEdge + " > " + worstElsewhere);
    assertTrue(worstElsewhere < 12_000, "jump of " + worstElsewhere);
  }

  @Test
  void blocksAreShortSoThatSpeechStreams() {
    Speech speech = Speech.of(engine, MANDARIN, "Cherry", "Chinese");

    for (short[] block : speech.blocks) {
      assertTrue(block.length <= Speech.RATE / 10, block.length + " samples");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {MANDARIN, ENGLISH, JAPANESE, CANTONESE})
  void theSameTextSoundsTheSameWhateverWasSaidBefore(String text) {
    Speech first = Speech.of(engine, text, "Kiki", "Auto");
    Speech.of(engine, "Etwas ganz anderes", "Pip", "German");
    Speech second = Speech.of(engine, text, "Kiki", "Auto");

    assertTrue(first.sameSoundAs(second));
    assertEquals(first.words, second.words);
  }

  @Test
  void everyTimbreIsSteady() {
    for (int i = 0; i < 60; i++) {
      Speech first = Speech.of(engine, "你好世界", "clone-" + i, "Auto");
      Speech second = Speech.of(engine, "你好世界", "clone-" + i, "Auto");
      assertTrue(first.sameSoundAs(second), "clone-" + i);
    }
  }

  @Test
  void differentVoicesSoundDifferent() {
    List<Speech> heard = new ArrayList<>();
    for (String voice :
        List.of("Cherry", "Serena", "Chelsie", "Ethan", "Moon", "Kai", "Pip", "x")) {
      Speech speech = Speech.of(engine, "你好世界", voice, "Auto");
      assertTrue(heard.stream().noneMatch(speech::sameSoundAs), voice);
      heard.add(speech);
    }
  }

  @Test
  void womenSpeakHigherThanMenAndChildrenHigherStill() {
    double woman = pitchOf("Cherry", "Serena", "Jennifer", "longxiaochun_v2", "sambert-zhiqi-v1");
    double man = pitchOf("Ethan", "Moon", "Kai", "Neil", "sambert-zhichu-v1");
    double child = pitchOf("Bella", "Bunny", "Pip", "Mochi");
    double old = pitchOf("Eldric Sage", "Arthur");

    assertTrue(child > woman * 1.1, child + " child, " + woman + " woman");
    assertTrue(woman > man * 1.3, woman + " woman, " + man + " man");
    assertTrue(man > old, man + " man, " + old + " old man");
  }

  private static double pitchOf(String... voices) {
    double sum = 0;
    for (String voice : voices) {
      sum += Speech.of(engine, "今天天气很好，我们一起去公园吧", voice, "Chinese").pitchHz();
    }
    return sum / voices.length;
  }

  @Test
  void oldPeopleSpeakSlowly() {
    assertTrue(
        Speech.of(engine, MANDARIN, "Eldric Sage", "Auto").ms()
            > 1.08 * Speech.of(engine, MANDARIN, "Ethan", "Auto").ms());
  }

  @Test
  void doubleSpeedHalvesTheTime() {
    double normal = with(1, 1, 50).ms();

    assertEquals(0.5, with(2, 1, 50).ms() / normal, 0.12);
    assertEquals(2, with(0.5, 1, 50).ms() / normal, 0.4);
  }

  @Test
  void volumeGoesFromSilenceToLoud() {
    double normal = with(1, 1, 50).rms();

    assertEquals(0, with(1, 1, 0).rms());
    assertEquals(0.5, with(1, 1, 25).rms() / normal, 0.05);
    assertEquals(2, with(1, 1, 100).rms() / normal, 0.1);
  }

  @Test
  void pitchRaisesAndLowers() {
    double normal = with(1, 1, 50).pitchHz();

    assertEquals(1.5, with(1, 1.5, 50).pitchHz() / normal, 0.15);
    assertEquals(0.7, with(1, 0.7, 50).pitchHz() / normal, 0.1, normal + " Hz before");
  }

  private static Speech with(double rate, double pitch, int volume) {
    return Speech.of(
        engine, new Utterance(MANDARIN, "Serena", "Chinese", rate, pitch, volume, Speech.RATE));
  }

  @Test
  void theFirstSamplesComeBeforeTheWholeIsSpoken() {
    String book = MANDARIN.repeat(200);
    List<Long> times = new ArrayList<>();
    long begin = System.nanoTime();

    engine.speak(
        new Utterance(book, "Cherry", "Chinese", 1, 1, 50, Speech.RATE),
        new OnSamples(
            samples -> {
              times.add(System.nanoTime() - begin);
              return true;
            }));

    assertTrue(times.get(0) < times.get(times.size() - 1) / 4, times.get(0) + " ns to the first");
  }

  @Test
  void aSinkThatHasEnoughGetsNoMore() {
    int[] calls = {0};

    engine.speak(
        new Utterance(MANDARIN.repeat(500), "Cherry", "Chinese", 1, 1, 50, Speech.RATE),
        new OnSamples(samples -> ++calls[0] < 3));

    assertEquals(3, calls[0]);
    assertTrue(
        Speech.of(engine, MANDARIN, "Cherry", "Chinese")
            .sameSoundAs(Speech.of(engine, MANDARIN, "Cherry", "Chinese")),
        "nothing of it is left");
    assertTrue(Speech.of(engine, MANDARIN, "Cherry", "Chinese").ms() > 3000, "usable afterwards");
  }

  @Test
  void whatTheSinkThrowsReachesTheCaller() {
    IllegalStateException mine = new IllegalStateException("mine");

    assertSame(
        mine,
        assertThrows(
            IllegalStateException.class,
            () ->
                engine.speak(
                    new Utterance(MANDARIN, "Cherry", "Chinese", 1, 1, 50, Speech.RATE),
                    new OnSamples(
                        samples -> {
                          throw mine;
                        }))));
    assertTrue(Speech.of(engine, MANDARIN, "Cherry", "Chinese").ms() > 3000, "usable afterwards");
  }

  @Test
  void manyThreadsGetTheirOwnWords() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<String> texts = List.of(MANDARIN, ENGLISH, JAPANESE, CANTONESE);
      List<Speech> alone = new ArrayList<>();
      for (String text : texts) {
        alone.add(Speech.of(engine, text, "Kai", "Auto"));
      }
      List<Future<Speech>> together = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String text = texts.get(i % 4);
        together.add(threads.submit(() -> Speech.of(engine, text, "Kai", "Auto")));
      }
      for (int i = 0; i < 40; i++) {
        Speech speech = together.get(i).get(20, TimeUnit.SECONDS);
        assertTrue(speech.sameSoundAs(alone.get(i % 4)));
        assertEquals(alone.get(i % 4).words, speech.words);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "。。。", "🙂", "\u0001", "\uD800"})
  void textWithoutASoundIsSilent(String text) {
    assertEquals(0, Speech.of(engine, text, "Cherry", "Chinese").ms());
  }

  @ParameterizedTest
  @CsvSource({
    "'\u0001200S hello', ' 200S hello'",
    "'[[h@l]] hello', '  h@l   hello'",
  })
  void whatMeansSomethingToTheLibraryIsText(String given, String plain) {
    assertTrue(
        Speech.of(engine, given, "Ethan", "English")
            .sameSoundAs(Speech.of(engine, plain, "Ethan", "English")));
  }

  @Test
  void markupIsReadNotObeyed() {
    Speech marked = Speech.of(engine, "one <break time='5s'/> two & three", "Ethan", "English");

    assertTrue(marked.longestSilenceMs() < 500);
    assertTrue(marked.spokenWords().contains("break"), marked.spokenWords());
    assertTrue(marked.spokenWords().endsWith("three"), marked.spokenWords());
  }

  @Test
  void aClosedEngineDoesntSpeak() {
    SpeechEngine closed = EspeakEngine.open();
    closed.close();

    assertThrows(IllegalStateException.class, () -> Speech.of(closed, "hello", "Ethan", "English"));
    assertFalse(Speech.of(engine, "hello", "Ethan", "English").samples().length == 0);
  }

  @FunctionalInterface
  private interface Samples {
    boolean take(short[] samples);
  }

  private record OnSamples(Samples take) implements Sink {
    @Override
    public boolean samples(short[] samples) {
      return take.take(samples);
    }

    @Override
    public void word(int beginIndex, int endIndex, int beginMs, int endMs) {}
  }
}
