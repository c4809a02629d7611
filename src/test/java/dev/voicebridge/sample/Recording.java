package dev.voicebridge.sample;

import dev.voicebridge.audio.Resampler;
import dev.voicebridge.audio.WavHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Samples in the making, and what goes wrong with them. Methods with a defect return a copy. */
final class Recording {
  final int rate;

  /** Where each sentence begins and ends. */
  final List<Stretch> sentences = new ArrayList<>();

  private double[] samples = new double[0];

  Recording(int rate) {
    this.rate = rate;
  }

  static short[] join(List<short[]> blocks) {
    short[] all = new short[blocks.stream().mapToInt(block -> block.length).sum()];
    int at = 0;
    for (short[] block : blocks) {
      System.arraycopy(block, 0, all, at, block.length);
      at += block.length;
    }
    return all;
  }

  static short[] trimmed(short[] samples) {
    int from = 0;
    int to = samples.length;
    while (from < to && Math.abs(samples[from]) < 300) {
      from++;
    }
    while (to > from && Math.abs(samples[to - 1]) < 300) {
      to--;
    }
    return Arrays.copyOfRange(samples, from, to);
  }

  int ms() {
    return (int) (samples.length * 1000L / rate);
  }

  private int at(int ms) {
    return Math.min(samples.length, (int) ((long) ms * rate / 1000));
  }

  void silence(int ms) {
    samples = Arrays.copyOf(samples, samples.length + (int) ((long) ms * rate / 1000));
  }

  void sentence(short[] spoken) {
    int begin = ms();
    int from = samples.length;
    samples = Arrays.copyOf(samples, from + spoken.length);
    for (int i = 0; i < spoken.length; i++) {
      samples[from + i] = spoken[i];
    }
    sentences.add(new Stretch(begin, ms()));
  }

  private Recording copy() {
    return with(samples.clone(), rate);
  }

  private Recording with(double[] other, int otherRate) {
    Recording copy = new Recording(otherRate);
    copy.sentences.addAll(sentences);
    copy.samples = other;
    return copy;
  }

  /** Root of the mean square of the loud half of the samples' power. */
  private double speechRms() {
    double sum = 0;
    int count = 0;
    for (Stretch sentence : sentences) {
      for (int i = at(sentence.beginMs()); i < at(sentence.endMs()); i++) {
        sum += samples[i] * samples[i];
        count++;
      }
    }
    return Math.sqrt(sum / Math.max(1, count));
  }

  /** White noise between two times. */
  Recording noise(double snrDb, int beginMs, int endMs, long seed) {
    Recording out = copy();
    Random random = new Random(seed);
    double rms = speechRms() * Math.pow(10, -snrDb / 20);
    for (int i = at(beginMs); i < at(endMs); i++) {
      out.samples[i] += rms * random.nextGaussian();
    }
    return out;
  }

  /** Mains hum with two overtones. */
  Recording hum(double hz, double belowSpeechDb, int beginMs, int endMs) {
    Recording out = copy();
    double amplitude = Math.sqrt(2) * speechRms() * Math.pow(10, -belowSpeechDb / 20);
    for (int i = at(beginMs); i < at(endMs); i++) {
      double t = 2 * Math.PI * hz * i / rate;
      out.samples[i] +=
          amplitude * (0.8 * Math.sin(t) + 0.5 * Math.sin(2 * t) + 0.3 * Math.sin(3 * t));
    }
    return out;
  }

  /** Driven so hard that the tops are cut, between two times. */
  Recording clipped(double factor, int beginMs, int endMs) {
    Recording out = copy();
    double peak = peak();
    for (int i = at(beginMs); i < at(endMs); i++) {
      double driven = factor * 32000 / peak * samples[i];
      out.samples[i] = Math.max(-32768, Math.min(32767, driven));
    }
    return out;
  }

  private double peak() {
    return Arrays.stream(samples).map(Math::abs).max().orElse(1);
  }

  Recording echo(int delayMs, double strength) {
    Recording out = copy();
    int delay = (int) ((long) delayMs * rate / 1000);
    for (int i = delay; i < samples.length; i++) {
      out.samples[i] += strength * samples[i - delay];
    }
    return out;
  }

  /** A hall: noise that dies away, as its answer to a clap. */
  Recording reverberant(double seconds, double wet, long seed) {
    Recording out = copy();
    Random random = new Random(seed);
    int taps = (int) (seconds * rate);
    // Sparse, so that it is quick: 200 reflections.
    for (int reflection = 0; reflection < 200; reflection++) {
      int delay = 1 + random.nextInt(taps);
      double gain = wet * (random.nextBoolean() ? 1 : -1) * Math.pow(10, -3.0 * delay / taps) / 7;
      for (int i = delay; i < samples.length; i++) {
        out.samples[i] += gain * samples[i - delay];
      }
    }
    return out;
  }

  Recording gain(double db) {
    Recording out = copy();
    double factor = Math.pow(10, db / 20);
    for (int i = 0; i < samples.length; i++) {
      out.samples[i] *= factor;
    }
    return out;
  }

  /** Nothing but a quiet room for that long, put in at that time. */
  Recording pause(int atMs, int ms, long seed) {
    Random random = new Random(seed);
    double rms = speechRms() * Math.pow(10, -55 / 20.0);
    int from = at(atMs);
    int length = (int) ((long) ms * rate / 1000);
    double[] out = new double[samples.length + length];
    System.arraycopy(samples, 0, out, 0, from);
    for (int i = from; i < from + length; i++) {
      out[i] = rms * random.nextGaussian();
    }
    System.arraycopy(samples, from, out, from + length, samples.length - from);
    return with(out, rate);
  }

  Recording upTo(int ms) {
    return with(Arrays.copyOf(samples, at(ms)), rate);
  }

  Recording at16Bits(int toRate) {
    Resampler resampler = new Resampler(rate, toRate);
    short[] body = resampler.process(shorts());
    short[] all = join(List.of(body, resampler.finish()));
    double[] out = new double[all.length];
    for (int i = 0; i < all.length; i++) {
      out[i] = all[i];
    }
    return with(out, toRate);
  }

  short[] shorts() {
    short[] out = new short[samples.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = Mono.toShort(samples[i] / 32768);
    }
    return out;
  }

  byte[] wav() {
    short[] shorts = shorts();
    ByteBuffer wav =
        ByteBuffer.allocate(WavHeader.LENGTH + 2 * shorts.length).order(ByteOrder.LITTLE_ENDIAN);
    wav.put(WavHeader.of(rate, 2 * shorts.length)).asShortBuffer().put(shorts);
    return wav.array();
  }
}
