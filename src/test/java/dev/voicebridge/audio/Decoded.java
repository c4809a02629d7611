package dev.voicebridge.audio;

import io.github.jaredmdobson.concentus.OpusDecoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.Arrays;
import javax.sound.sampled.AudioFormat.Encoding;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javazoom.jl.decoder.Bitstream;
import javazoom.jl.decoder.Decoder;
import javazoom.jl.decoder.Header;
import javazoom.jl.decoder.SampleBuffer;
import org.gagravarr.ogg.OggFile;
import org.gagravarr.opus.OpusAudioData;
import org.gagravarr.opus.OpusFile;
import org.jflac.FLACDecoder;
import org.jflac.PCMProcessor;
import org.jflac.metadata.StreamInfo;
import org.jflac.util.ByteData;

/** What independent decoders make of a stream. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Decoded(int sampleRateHz, short[] samples) {

  public static Decoded of(AudioFormat format, int sampleRateHz, byte[] stream) throws Exception {
    return switch (format) {
      case PCM -> new Decoded(sampleRateHz, shorts(stream, 0));
      case WAV ->
          new Decoded(
              ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN).getInt(24),
              shorts(stream, WavHeader.LENGTH));
      case MP3 -> mp3(stream);
      case OPUS -> opus(stream);
    };
  }

  /** G.711 by the tables of the JDK. */
  public static Decoded g711(String law, byte[] stream) throws Exception {
    AudioInputStream coded =
        new AudioInputStream(
            new ByteArrayInputStream(stream),
            new javax.sound.sampled.AudioFormat(
                law.equals("ulaw") ? Encoding.ULAW : Encoding.ALAW, 8000, 8, 1, 1, 8000, false),
            stream.length);
    byte[] pcm =
        AudioSystem.getAudioInputStream(
                new javax.sound.sampled.AudioFormat(8000, 16, 1, true, false), coded)
            .readAllBytes();
    return new Decoded(8000, shorts(pcm, 0));
  }

  /** FLAC as far as its frames' headers and CRCs go is checked by the decoder. */
  public static Decoded flac(byte[] stream) throws Exception {
    FLACDecoder decoder = new FLACDecoder(new ByteArrayInputStream(stream));
    ByteArrayOutputStream pcm = new ByteArrayOutputStream();
    decoder.addPCMProcessor(
        new PCMProcessor() {
          @Override
          public void processStreamInfo(StreamInfo info) {}

          @Override
          public void processPCM(ByteData data) {
            pcm.write(data.getData(), 0, data.getLen());
          }
        });
    decoder.decode();
    return new Decoded(decoder.getStreamInfo().getSampleRate(), shorts(pcm.toByteArray(), 0));
  }

  /** Loudness of every 30 ms, in steps of 2 ms. */
  public double[] envelope() {
    int window = sampleRateHz * 3 / 100;
    int step = sampleRateHz / 500;
    double[] out = new double[Math.max(0, (samples.length - window) / step)];
    for (int i = 0; i < out.length; i++) {
      double sum = 0;
      for (int at = i * step; at < i * step + window; at++) {
        sum += (double) samples[at] * samples[at];
      }
      out[i] = Math.sqrt(sum / window);
    }
    return out;
  }

  public double ms() {
    return 1000.0 * samples.length / sampleRateHz;
  }

  /** Power of one frequency over the power of everything, 0–1 (Goertzel). */
  double purity(double hz) {
    double w = 2 * Math.PI * hz / sampleRateHz;
    double re = 0;
    double im = 0;
    double all = 0;
    int from = samples.length / 4;
    int to = samples.length * 3 / 4;
    for (int i = from; i < to; i++) {
      double window = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i - from) / (to - from));
      re += window * samples[i] * Math.cos(w * i);
      im += window * samples[i] * Math.sin(w * i);
      all += window * samples[i] * samples[i];
    }
    // A pure tone of amplitude a gives |X| = a·Σw/2 and Σw·x² = a²·Σw/2.
    double sumOfWindow = (to - from) / 2.0;
    return all == 0 ? 0 : 2 * (re * re + im * im) / (all * sumOfWindow);
  }

  /** Root of the mean square in the middle half. */
  public double rms() {
    double sum = 0;
    int from = samples.length / 4;
    int to = samples.length * 3 / 4;
    for (int i = from; i < to; i++) {
      sum += (double) samples[i] * samples[i];
    }
    return Math.sqrt(sum / Math.max(1, to - from));
  }

  private static short[] shorts(byte[] bytes, int offset) {
    ShortBuffer in =
        ByteBuffer.wrap(bytes, offset, bytes.length - offset)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asShortBuffer();
    short[] out = new short[in.remaining()];
    in.get(out);
    return out;
  }

  private static Decoded mp3(byte[] stream) throws Exception {
    Bitstream bits = new Bitstream(new ByteArrayInputStream(stream));
    Decoder decoder = new Decoder();
    short[] out = new short[0];
    int rate = 0;
    for (Header header = bits.readFrame(); header != null; header = bits.readFrame()) {
      SampleBuffer frame = (SampleBuffer) decoder.decodeFrame(header, bits);
      rate = frame.getSampleFrequency();
      int channels = frame.getChannelCount();
      int length = frame.getBufferLength() / channels;
      out = Arrays.copyOf(out, out.length + length);
      for (int i = 0; i < length; i++) {
        out[out.length - length + i] = frame.getBuffer()[i * channels];
      }
      bits.closeFrame();
    }
    return new Decoded(rate, out);
  }

  private static Decoded opus(byte[] stream) throws Exception {
    try (OpusFile file = new OpusFile(new OggFile(new ByteArrayInputStream(stream)))) {
      OpusDecoder decoder = new OpusDecoder(48000, 1);
      short[] out = new short[0];
      long end = 0;
      for (OpusAudioData packet = file.getNextAudioPacket();
          packet != null;
          packet = file.getNextAudioPacket()) {
        byte[] data = packet.getData();
        short[] frame = new short[5760];
        int length = decoder.decode(data, 0, data.length, frame, 0, frame.length, false);
        out = Arrays.copyOf(out, out.length + length);
        System.arraycopy(frame, 0, out, out.length - length, length);
        end = packet.getGranulePosition();
      }
      return new Decoded(
          48000,
          Arrays.copyOfRange(out, file.getInfo().getPreSkip(), (int) Math.min(end, out.length)));
    }
  }
}
