package dev.voicebridge.emulator.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Speech with espeak-ng, a small native library that comes with the build. It sounds like a robot
 * and says so: it is there so that everything can be tried without a key.
 *
 * <p>espeak-ng is under the GPL-3.0. Only the guest loads it, and only at run time; without it in
 * the build, {@link #open} says so and everything else works.
 *
 * <p>The library has one global state, so passages are spoken one after the other, whatever the
 * number of engines and threads: a sink that waits makes all others wait.
 */
public final class EspeakEngine implements SpeechEngine {
  /** espeak's usual speed, words per minute, and what it can do without losing sounds. */
  private static final int WORDS_PER_MINUTE = 175;

  private static final int MIN_WORDS_PER_MINUTE = 80;
  private static final int MAX_WORDS_PER_MINUTE = 450;

  /** espeak's pitch scale: the middle, and the steps of an octave. */
  private static final int MIDDLE_PITCH = 50;

  private static final int OCTAVE = 50;
  private static final int MAX_PITCH = 99;

  private final NativeEspeak espeak;
  private final Voices voices = new Voices();

  /** Guarded by the library's lock. */
  private final Rewriting rewriting;

  private volatile boolean closed;

  private EspeakEngine(NativeEspeak espeak) {
    this.espeak = espeak;
    rewriting =
        new Rewriting(
            (tongue, text) -> {
              espeak.voice(tongue.espeakVoice());
              return espeak.phonemes(text);
            });
  }

  /**
   * Loads the library, and unpacks it first if this machine hasn't seen it: about 50 ms, or half a
   * second the first time.
   *
   * @throws EngineUnavailableException when the build or the machine has no speech
   */
  public static EspeakEngine open() {
    return new EspeakEngine(NativeEspeak.get());
  }

  @Override
  public void speak(Utterance utterance, Sink sink) {
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
    VoiceProfile profile = voices.of(utterance.voice(), utterance.traits());
    SpeechOutput output = new SpeechOutput(utterance, espeak.sampleRateHz, sink);
    for (Passage passage : passages(utterance, profile)) {
      // One passage at a time, so that short utterances get in between those of a long one.
      espeak.lock.lock();
      try {
        speak(utterance, passage, profile, output);
      } finally {
        espeak.lock.unlock();
      }
      if (output.isStopped()) {
        return;
      }
    }
    output.finish();
  }

  private void speak(
      Utterance utterance, Passage passage, VoiceProfile profile, SpeechOutput output) {
    Spoken spoken = rewriting.of(utterance.text(), passage);
    if (!spoken.hasSound()) {
      return;
    }
    espeak.voice(passage.tongue().espeakVoice() + "+" + profile.timbre());
    output.begin(spoken, passage.tongue().isIdeographic());
    espeak.synthesize(
        spoken.text(),
        wordsPerMinute(utterance.rate() * profile.tempo()),
        pitch(utterance.pitch(), profile.pitch()),
        profile.range(),
        spoken.endsWithPunctuation(),
        output);
    output.end();
  }

  private List<Passage> passages(Utterance utterance, VoiceProfile profile) {
    @Nullable Tongue asked = Tongue.ofType(utterance.language());
    List<Passage> out = new ArrayList<>();
    for (Passage passage :
        Passages.of(utterance.text(), asked, Tongue.ofCode(profile.language()))) {
      if (passage.tongue() == Tongue.CANTONESE) {
        out.addAll(withoutUnknown(utterance.text(), passage));
      } else {
        out.add(passage);
      }
    }
    return out;
  }

  /** Characters that Cantonese doesn't have are said in Mandarin. */
  private List<Passage> withoutUnknown(String text, Passage passage) {
    espeak.lock.lock();
    try {
      List<Passage> out = new ArrayList<>();
      int begin = passage.begin();
      Tongue current = Tongue.CANTONESE;
      for (int at = begin; at < passage.end(); ) {
        int codePoint = text.codePointAt(at);
        Tongue tongue = current;
        if (Character.isIdeographic(codePoint)) {
          tongue = rewriting.knows(Tongue.CANTONESE, codePoint) ? Tongue.CANTONESE : Tongue.CHINESE;
        }
        if (tongue != current && at > begin) {
          out.add(new Passage(current, begin, at));
          begin = at;
        }
        current = tongue;
        at += Character.charCount(codePoint);
      }
      out.add(new Passage(current, begin, passage.end()));
      return out;
    } finally {
      espeak.lock.unlock();
    }
  }

  private static int wordsPerMinute(double rate) {
    return clamp(Math.round(WORDS_PER_MINUTE * rate), MIN_WORDS_PER_MINUTE, MAX_WORDS_PER_MINUTE);
  }

  private static int pitch(double factor, int offset) {
    double steps = OCTAVE * Math.log(factor) / Math.log(2);
    return clamp(Math.round(MIDDLE_PITCH + steps) + offset, 0, MAX_PITCH);
  }

  private static int clamp(long value, int min, int max) {
    return (int) Math.max(min, Math.min(max, value));
  }

  /** The library stays loaded: other engines of this process may use it. */
  /** Speaks a little Chinese to nobody, and loads the Japanese dictionary: about a second. */
  @Override
  public void warmUp() {
    Sink nobody =
        new Sink() {
          @Override
          public boolean samples(short[] samples) {
            return true;
          }

          @Override
          public void word(int beginIndex, int endIndex, int beginMs, int endMs) {}
        };
    if (!closed) {
      speak(new Utterance("你好，很高兴见到你。", "Cherry", "Auto", 1, 1, 50, 24_000), nobody);
    }
    Readings.of("日本");
  }

  @Override
  public void close() {
    closed = true;
  }
}
