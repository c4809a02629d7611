package dev.voicebridge.emulator;

import dev.voicebridge.audio.AudioEncoder;
import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Encoders;
import dev.voicebridge.audio.WavHeader;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;

/** Recordings of somebody who hums. */
final class Samples {
  private Samples() {}

  static short[] hum(double hz, double seconds, int rate) {
    short[] samples = new short[(int) (seconds * rate)];
    for (int i = 0; i < samples.length; i++) {
      double phase = 2 * Math.PI * hz * i / rate;
      samples[i] =
          (short)
              (5000 * Math.sin(phase) + 2500 * Math.sin(2 * phase) + 1500 * Math.sin(3 * phase));
    }
    return samples;
  }

  static byte[] wav(short[] samples, int rate) {
    Buffer file = Buffer.buffer(WavHeader.of(rate, 2 * samples.length));
    for (short sample : samples) {
      file.appendShortLE(sample);
    }
    return file.getBytes();
  }

  static byte[] wav(double hz, double seconds, int rate) {
    return wav(hum(hz, seconds, rate), rate);
  }

  static byte[] mp3(double hz, double seconds, int rate) {
    short[] samples = hum(hz, seconds, rate);
    AudioEncoder encoder = Encoders.of(AudioFormat.MP3, rate, null);
    return Buffer.buffer(encoder.encode(samples, 0, samples.length))
        .appendBytes(encoder.finish())
        .getBytes();
  }

  /** Boxes of an M4A without sound. */
  static byte[] m4a(int seconds, int rate) {
    Buffer mvhd = Buffer.buffer(new byte[12]).appendInt(1000).appendInt(1000 * seconds);
    Buffer mdhd = Buffer.buffer(new byte[12]).appendInt(rate).appendInt(rate * seconds);
    Buffer moov =
        Buffer.buffer()
            .appendBuffer(box("mvhd", mvhd))
            .appendBuffer(box("trak", box("mdia", box("mdhd", mdhd))));
    return box("ftyp", Buffer.buffer("M4A isom"))
        .appendBuffer(box("moov", moov))
        .appendBuffer(box("mdat", Buffer.buffer(new byte[100])))
        .getBytes();
  }

  private static Buffer box(String name, Buffer body) {
    return Buffer.buffer().appendInt(8 + body.length()).appendString(name).appendBuffer(body);
  }

  static String dataUri(byte[] file, String type) {
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(file);
  }

  /** Of 16-bit little-endian bytes. */
  static short[] shorts(byte[] pcm) {
    Buffer in = Buffer.buffer(pcm);
    short[] samples = new short[pcm.length / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = in.getShortLE(2 * i);
    }
    return samples;
  }

  /** Median of the fundamental over the voiced parts, by autocorrelation. */
  static double pitchHz(short[] all, int rate) {
    int frame = rate / 25;
    java.util.List<Double> pitches = new java.util.ArrayList<>();
    for (int at = 0; at + 2 * frame < all.length; at += frame) {
      double energy = correlation(all, at, frame, 0);
      double best = 0;
      int bestLag = 0;
      for (int lag = rate / 600; lag <= rate / 60; lag++) {
        double fit =
            correlation(all, at, frame, lag)
                / Math.sqrt(energy * correlation(all, at + lag, frame, 0) + 1);
        if (fit > best * 1.03) {
          best = fit;
          bestLag = lag;
        }
      }
      if (best > 0.75 && energy / frame > 200 * 200) {
        pitches.add((double) rate / bestLag);
      }
    }
    pitches.sort(null);
    return pitches.isEmpty() ? 0 : pitches.get(pitches.size() / 2);
  }

  private static double correlation(short[] samples, int at, int length, int lag) {
    double sum = 0;
    for (int i = at; i < at + length; i += 2) {
      sum += (double) samples[i] * samples[i + lag];
    }
    return sum;
  }
}
