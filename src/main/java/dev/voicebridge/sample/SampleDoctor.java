package dev.voicebridge.sample;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Examines audio that a voice is to be cloned from. Blocking, up to some seconds: for a worker
 * thread. Nothing is written to disk; whatever the bytes are, the answer is a report.
 */
public final class SampleDoctor {
  /** Speech over noise below this is heard in the voice, dB. */
  public static final double POOR_SNR_DB = 20;

  /** Enough for all measures but clipping. */
  private static final int LISTENING_HZ = 16_000;

  private static final int LOW_HZ = 8_000;

  /** Enough for hum and six overtones. */
  private static final int HUM_HZ = 2_000;

  /** Below this, mains hum and rumble live. */
  private static final int SPEECH_CORNER_HZ = 200;

  /** Silence at an end that is worth a word, ms. */
  private static final int LONG_END_MS = 1_000;

  private static final double QUIET_PEAK_DB = -22;

  // Told in the strictest provider's terms; what each demands is in the verdicts.
  private static final int SHORT_SPEECH_MS = Provider.COSYVOICE.minSpeechMs();
  private static final int SHORT_RUN_MS = Provider.COSYVOICE.minRunMs();
  private static final int RECOMMENDED_RATE_HZ = 24_000;
  private static final int MAX_DURATION_MS = Provider.COSYVOICE.maxDurationMs();

  /** So that a report stays readable. */
  private static final int MAX_FINDINGS_OF_A_KIND = 20;

  private SampleDoctor() {}

  /**
   * @param bytes the whole file; read only
   * @param declaredMediaType what the sender says it is, null if nothing
   */
  public static SampleReport examine(byte[] bytes, @Nullable String declaredMediaType) {
    return examine(bytes, declaredMediaType, Limits.USUAL);
  }

  static SampleReport examine(byte[] bytes, @Nullable String declared, Limits limits) {
    Container container = Container.of(bytes);
    List<Finding> findings = new ArrayList<>();
    if (bytes.length > 0 && !container.matches(declared)) {
      findings.add(Finding.of(FindingCode.TYPE_MISMATCH, container.wireName()));
    }
    if (bytes.length > Provider.MAX_BYTES) {
      findings.add(
          Finding.of(
              FindingCode.TOO_LARGE,
              String.format(Locale.ROOT, "%.1f MB", bytes.length / 1048576.0)));
    }
    try {
      DecodedFile decoded = decode(container, bytes, limits);
      return listen(container, bytes.length, decoded, findings);
    } catch (UnreadableException e) {
      String detail = e.getMessage() == null ? "" : e.getMessage();
      return hopeless(container, bytes.length, findings, Finding.of(e.code, detail));
    } catch (RuntimeException e) {
      // A hole in a decoder; the file is to blame more likely than not.
      Finding corrupt = Finding.of(FindingCode.CORRUPT, e.getClass().getSimpleName());
      return hopeless(container, bytes.length, findings, corrupt);
    }
  }

  private static DecodedFile decode(Container container, byte[] bytes, Limits limits)
      throws UnreadableException {
    if (bytes.length == 0) {
      throw new UnreadableException(FindingCode.EMPTY, "no bytes");
    }
    return switch (container) {
      case WAV -> WavFile.decode(bytes, limits);
      case MP3 -> Mp3File.decode(bytes, limits);
      case M4A -> M4aFile.decode(bytes, limits);
      default ->
          throw new UnreadableException(FindingCode.UNSUPPORTED_FORMAT, container.wireName());
    };
  }

  private static SampleReport hopeless(
      Container container, int sizeBytes, List<Finding> findings, Finding fatal) {
    findings.add(0, fatal);
    return new SampleReport(
        new SampleFile(container, "", 0, 0, 0, 0, sizeBytes),
        null,
        findings,
        verdicts(provider -> Judge.hopeless(provider, fatal.code())),
        null,
        null);
  }

  private static List<Verdict> verdicts(Function<Provider, Verdict> judge) {
    List<Verdict> verdicts = new ArrayList<>();
    for (Provider provider : Provider.values()) {
      verdicts.add(judge.apply(provider));
    }
    return verdicts;
  }

  private static SampleReport listen(
      Container container, int sizeBytes, DecodedFile decoded, List<Finding> findings) {
    final SampleFile file =
        new SampleFile(
            container,
            decoded.codec(),
            decoded.bitDepth(),
            decoded.sampleRateHz(),
            decoded.channels(),
            decoded.durationMs(),
            sizeBytes);
    decoded.flaws().forEach(flaw -> findings.add(Finding.of(flaw, "")));
    fileFindings(file, findings);
    Sound sound = decoded.sound();
    Sound listening = sound.rateHz > LISTENING_HZ ? sound.at(LISTENING_HZ) : sound;
    Envelope full = Envelope.of(HighPass.of(listening, SPEECH_CORNER_HZ), listening.rateHz);
    SpeechParts speech = SpeechParts.of(full);
    Measures measures = measure(sound, listening, full, speech, findings);
    List<Verdict> verdicts;
    if (speech.parts.isEmpty()) {
      FindingCode code =
          speech.speechDb < SpeechParts.SILENT_DB ? FindingCode.SILENT : FindingCode.NO_SPEECH;
      findings.add(Finding.at(code, new Stretch(0, sound.durationMs()), ""));
      verdicts = verdicts(provider -> Judge.hopeless(provider, code));
    } else {
      speechFindings(file, measures, speech, findings);
      verdicts =
          verdicts(
              provider ->
                  Judge.of(
                      provider,
                      file,
                      decoded.flaws(),
                      measures,
                      new Mending(provider, sound, speech)));
    }
    findings.sort(
        Comparator.comparing((Finding finding) -> finding.code().severity())
            .thenComparing(finding -> begin(finding)));
    return new SampleReport(file, measures, findings, verdicts, sound, speech);
  }

  private static int begin(Finding finding) {
    Stretch where = finding.where();
    return where == null ? -1 : where.beginMs();
  }

  private static void fileFindings(SampleFile file, List<Finding> findings) {
    if (file.sampleRateHz() < RECOMMENDED_RATE_HZ) {
      findings.add(Finding.of(FindingCode.LOW_RATE, file.sampleRateHz() + " Hz"));
    }
    if (file.channels() > 1) {
      findings.add(Finding.of(FindingCode.STEREO, Integer.toString(file.channels())));
    }
    if (file.container() == Container.WAV && !Judge.isSixteenBit(file)) {
      findings.add(Finding.of(FindingCode.BIT_DEPTH, file.codec() + " " + file.bitDepth()));
    }
    if (file.durationMs() > MAX_DURATION_MS) {
      findings.add(Finding.of(FindingCode.TOO_LONG, seconds(file.durationMs())));
    }
  }

  private static Measures measure(
      Sound sound, Sound listening, Envelope full, SpeechParts speech, List<Finding> findings) {
    int durationMs = sound.durationMs();
    List<Stretch> clipped = Clipping.of(sound);
    add(findings, FindingCode.CLIPPING, clipped, "");
    boolean heard = !speech.parts.isEmpty();
    double floorDb = speech.floorDb;
    Hum hum = null;
    Echo echo = new Echo(0, 0);
    double fallDb = 0;
    if (heard) {
      Sound low = listening.rateHz > LOW_HZ ? listening.at(LOW_HZ) : listening;
      fallDb = Decay.fastFallDb(full, speech.speechDb);
      boolean hall = Decay.isHall(fallDb, speech);
      Envelope treble =
          Envelope.of(HighPass.of(listening, listening.rateHz / 4.5), listening.rateHz);
      // A hall fills the pauses as noise does.
      List<Stretch> noisy = hall ? List.of() : Noise.of(full, treble, speech, durationMs);
      for (Stretch stretch : noisy) {
        floorDb = Math.max(floorDb, Noise.floorDb(full, stretch));
      }
      add(findings, FindingCode.NOISE, noisy, decibel(speech.speechDb - floorDb));
      hum = Hum.of(low.rateHz > HUM_HZ ? low.at(HUM_HZ) : low, speech.speechDb);
      if (hum != null) {
        add(findings, FindingCode.HUM, hum.where(), hum.mainsHz() + " Hz");
      }
      echo = Echo.of(low);
      Stretch all = new Stretch(speech.parts.get(0).beginMs(), durationMs);
      if (echo.strength() > Echo.AUDIBLE) {
        findings.add(Finding.at(FindingCode.ECHO, all, echo.delayMs() + " ms"));
      }
      if (hall) {
        findings.add(Finding.at(FindingCode.REVERBERATION, all, ""));
      }
      advice(Pitch.of(low, speech.speechDb), speech, findings);
    }
    int leading = heard ? speech.parts.get(0).beginMs() : durationMs;
    int trailing =
        heard ? Math.max(0, durationMs - speech.parts.get(speech.parts.size() - 1).endMs()) : 0;
    return new Measures(
        speech.speechMs(),
        speech.longestRunMs(),
        speech.pauses().stream().mapToInt(Stretch::lengthMs).max().orElse(0),
        durationMs == 0 ? 0 : Math.min(1, (double) speech.speechMs() / durationMs),
        20 * Math.log10(Math.max(1, Clipping.peak(sound)) / 32768.0),
        speech.speechDb,
        floorDb,
        speech.speechDb - floorDb,
        clipped.stream().mapToInt(Stretch::lengthMs).sum(),
        hum == null ? 0 : hum.mainsHz(),
        hum == null ? null : (Double) hum.levelDb(),
        echo.strength() > Echo.AUDIBLE ? echo.delayMs() : 0,
        echo.strength(),
        fallDb,
        leading,
        trailing);
  }

  private static void advice(Pitch pitch, SpeechParts speech, List<Finding> findings) {
    if (pitch.heldShare() > 0.5) {
      findings.add(Finding.of(FindingCode.SINGING, ""));
    }
    add(findings, FindingCode.SECOND_SPEAKER, pitch.secondSpeaker(speech.parts), "");
  }

  private static void speechFindings(
      SampleFile file, Measures measures, SpeechParts speech, List<Finding> findings) {
    int durationMs = (int) Math.min(Integer.MAX_VALUE, file.durationMs());
    for (Stretch pause : speech.pauses()) {
      if (pause.lengthMs() > Provider.MAX_PAUSE_MS) {
        add(findings, FindingCode.LONG_PAUSE, List.of(pause), seconds(pause.lengthMs()));
      }
    }
    if (measures.leadingSilenceMs() > LONG_END_MS) {
      findings.add(
          Finding.at(
              FindingCode.LEADING_SILENCE,
              new Stretch(0, measures.leadingSilenceMs()),
              seconds(measures.leadingSilenceMs())));
    }
    if (measures.trailingSilenceMs() > LONG_END_MS) {
      findings.add(
          Finding.at(
              FindingCode.TRAILING_SILENCE,
              new Stretch(durationMs - measures.trailingSilenceMs(), durationMs),
              seconds(measures.trailingSilenceMs())));
    }
    Stretch all = new Stretch(0, durationMs);
    if (measures.speechMs() < SHORT_SPEECH_MS) {
      findings.add(Finding.at(FindingCode.TOO_SHORT, all, seconds(measures.speechMs())));
    }
    if (measures.longestRunMs() < SHORT_RUN_MS) {
      findings.add(Finding.at(FindingCode.SHORT_RUNS, all, seconds(measures.longestRunMs())));
    }
    if (measures.speechRatio() < Provider.MIN_SPEECH_RATIO) {
      findings.add(
          Finding.at(
              FindingCode.LOW_SPEECH_RATIO, all, Math.round(100 * measures.speechRatio()) + "%"));
    }
    if (measures.peakDb() < QUIET_PEAK_DB) {
      findings.add(Finding.at(FindingCode.QUIET, all, decibel(measures.peakDb())));
    }
  }

  private static void add(
      List<Finding> findings, FindingCode code, List<Stretch> where, String figure) {
    long already = findings.stream().filter(finding -> finding.code() == code).count();
    where.stream()
        .limit(Math.max(0, MAX_FINDINGS_OF_A_KIND - already))
        .forEach(stretch -> findings.add(Finding.at(code, stretch, figure)));
  }

  private static String seconds(long ms) {
    return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
  }

  private static String decibel(double value) {
    return String.format(Locale.ROOT, "%.0f dB", value);
  }
}
