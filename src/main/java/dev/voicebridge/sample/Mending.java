package dev.voicebridge.sample;

import dev.voicebridge.audio.WavHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Makes the better sample: which parts of the sound stay, how loud, at what rate. */
final class Mending {
  /** Left at the ends, so that no sound is cut into. */
  private static final int END_MS = 200;

  /** A pause over a breath's length is cut down to this. */
  private static final int SHORT_PAUSE_MS = 600;

  private static final int FADE_MS = 8;

  /** Level that the speech is brought to, and the peak that it must not pass; dB. */
  private static final double SPEECH_DB = -20;

  private static final double PEAK_DB = -1.5;

  private static final int MAX_RATE_HZ = 24_000;

  private final Provider provider;
  private final Sound sound;
  private final double gain;
  private final List<Stretch> kept = new ArrayList<>();
  private final List<MendedSample.Step> steps = new ArrayList<>();
  private final SpeechParts speech;
  private int keptMs;

  Mending(Provider provider, Sound sound, SpeechParts speech) {
    this.provider = provider;
    this.sound = sound;
    this.speech = speech;
    keep();
    double peakDb = 20 * Math.log10(Math.max(1, Clipping.peak(sound)) / 32768.0);
    gain = Math.pow(10, Math.min(SPEECH_DB - speech.speechDb, PEAK_DB - peakDb) / 20);
  }

  private void keep() {
    int durationMs = sound.durationMs();
    List<Stretch> parts = speech.parts;
    if (parts.isEmpty()) {
      return;
    }
    int begin = Math.max(0, parts.get(0).beginMs() - END_MS);
    int last = Math.min(durationMs, parts.get(parts.size() - 1).endMs() + END_MS);
    if (begin > 0 || last < durationMs) {
      steps.add(MendedSample.Step.TRIMMED);
    }
    for (Stretch pause : speech.pauses()) {
      if (pause.lengthMs() > SpeechParts.BREATH_MS) {
        keep(begin, pause.beginMs() + SHORT_PAUSE_MS / 2);
        begin = pause.endMs() - SHORT_PAUSE_MS / 2;
      }
    }
    if (!kept.isEmpty()) {
      steps.add(MendedSample.Step.PAUSES_SHORTENED);
    }
    keep(begin, last);
  }

  private void keep(int beginMs, int endMs) {
    int room = provider.maxDurationMs - 1000 - keptMs;
    if (room <= 0 || endMs <= beginMs) {
      return;
    }
    Stretch stretch = new Stretch(beginMs, Math.min(endMs, beginMs + room));
    if (stretch.endMs() < endMs) {
      steps.add(MendedSample.Step.SHORTENED);
      stretch = upToPause(stretch);
    }
    kept.add(stretch);
    keptMs += stretch.lengthMs();
  }

  /** Ends in the last pause, unless that would cost more than a third. */
  private Stretch upToPause(Stretch stretch) {
    int end = stretch.endMs();
    for (Stretch pause : speech.pauses()) {
      int middle = (pause.beginMs() + pause.endMs()) / 2;
      if (middle <= stretch.endMs() && middle - stretch.beginMs() > stretch.lengthMs() * 2 / 3) {
        end = middle;
      }
    }
    return new Stretch(stretch.beginMs(), end);
  }

  private int keptSpeechMs() {
    int sum = 0;
    for (Stretch part : speech.parts) {
      for (Stretch stretch : kept) {
        int begin = Math.max(part.beginMs(), stretch.beginMs());
        int end = Math.min(part.endMs(), stretch.endMs());
        sum += Math.max(0, end - begin);
      }
    }
    return sum;
  }

  /** All pauses are shorter than a breath afterwards. */
  int longestRunMs() {
    return keptMs;
  }

  double speechRatio() {
    return keptMs == 0 ? 0 : (double) keptSpeechMs() / keptMs;
  }

  private int rateHz() {
    int least = Math.max(provider.minRateHz, Provider.MIN_MENDABLE_RATE_HZ);
    return sound.rateHz >= MAX_RATE_HZ ? MAX_RATE_HZ : Math.max(sound.rateHz, least);
  }

  MendedSample mended(int channels) {
    if (channels > 1) {
      steps.add(0, MendedSample.Step.FIRST_CHANNEL);
    }
    if (Math.abs(Math.log(gain)) > 0.1) {
      steps.add(MendedSample.Step.LEVEL_SET);
    }
    Sound joined = joined();
    int rateHz = rateHz();
    if (rateHz != sound.rateHz) {
      steps.add(rateHz > sound.rateHz ? MendedSample.Step.UPSAMPLED : MendedSample.Step.RESAMPLED);
    }
    Sound out = joined.at(rateHz);
    int dataBytes = 2 * out.samples.length;
    ByteBuffer wav =
        ByteBuffer.allocate(WavHeader.LENGTH + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    wav.put(WavHeader.of(rateHz, dataBytes)).asShortBuffer().put(out.samples);
    return new MendedSample(wav.array(), rateHz, out.durationMs(), List.copyOf(steps));
  }

  private Sound joined() {
    int length = 0;
    for (Stretch stretch : kept) {
      length += sound.sample(stretch.endMs()) - sound.sample(stretch.beginMs());
    }
    short[] out = new short[length];
    int at = 0;
    int fade = Math.max(1, sound.rateHz * FADE_MS / 1000);
    for (Stretch stretch : kept) {
      int from = sound.sample(stretch.beginMs());
      int to = sound.sample(stretch.endMs());
      for (int i = from; i < to; i++) {
        double edge = Math.min(1, Math.min(i - from + 1, to - i) / (double) fade);
        out[at++] = Mono.toShort(sound.samples[i] * gain * edge / 32768);
      }
    }
    return new Sound(sound.rateHz, out);
  }
}
