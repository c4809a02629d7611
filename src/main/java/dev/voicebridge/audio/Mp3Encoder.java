package dev.voicebridge.audio;

import de.sciss.jump3r.mp3.BitStream;
import de.sciss.jump3r.mp3.GainAnalysis;
import de.sciss.jump3r.mp3.ID3Tag;
import de.sciss.jump3r.mp3.Lame;
import de.sciss.jump3r.mp3.LameGlobalFlags;
import de.sciss.jump3r.mp3.MPEGMode;
import de.sciss.jump3r.mp3.Presets;
import de.sciss.jump3r.mp3.Quantize;
import de.sciss.jump3r.mp3.QuantizePVT;
import de.sciss.jump3r.mp3.Reservoir;
import de.sciss.jump3r.mp3.Takehiro;
import de.sciss.jump3r.mp3.VBRTag;
import de.sciss.jump3r.mp3.VbrMode;
import de.sciss.jump3r.mp3.Version;
import de.sciss.jump3r.mpg.Common;
import de.sciss.jump3r.mpg.Interface;
import de.sciss.jump3r.mpg.MPGLib;
import java.util.Arrays;

/**
 * MPEG layer III at a constant bit rate, made to be cut and joined: no info frame, no tags, and no
 * bits borrowed from earlier frames, so that streams may be put end to end (some clients do that
 * with the answers to several requests).
 *
 * <p>Wires LAME's modules itself because jump3r's ready-made {@code LameEncoder} always writes an
 * info frame.
 */
final class Mp3Encoder implements AudioEncoder {
  private static final int[] MPEG1_KBPS = {
    32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320
  };
  private static final int[] MPEG2_KBPS = {
    8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160
  };

  /** LAME's scale from 0, best and slowest, to 9; its own advice for speed. */
  private static final int QUALITY = 7;

  /** LAME's bound: 1.25 × samples + 7200. */
  private static final int SLACK = 7200;

  private final Lame lame = new Lame();
  private final LameGlobalFlags flags;

  Mp3Encoder(int sampleRateHz, int kbps) {
    GainAnalysis gain = new GainAnalysis();
    BitStream bits = new BitStream();
    QuantizePVT quantizePvt = new QuantizePVT();
    Quantize quantize = new Quantize();
    VBRTag tag = new VBRTag();
    Version version = new Version();
    ID3Tag id3 = new ID3Tag();
    Reservoir reservoir = new Reservoir();
    Takehiro takehiro = new Takehiro();
    Presets presets = new Presets();
    MPGLib decoder = new MPGLib();
    lame.setModules(gain, bits, presets, quantizePvt, quantize, tag, version, id3, decoder);
    bits.setModules(gain, decoder, version, tag);
    id3.setModules(bits, version);
    presets.setModules(lame);
    quantize.setModules(bits, reservoir, quantizePvt, takehiro);
    quantizePvt.setModules(takehiro, reservoir, lame.enc.psy);
    reservoir.setModules(bits);
    takehiro.setModules(quantizePvt);
    tag.setModules(lame, bits, version);
    decoder.setModules(new Interface(), new Common());

    flags = lame.lame_init();
    flags.num_channels = 1;
    flags.mode = MPEGMode.MONO;
    flags.in_samplerate = sampleRateHz;
    flags.out_samplerate = sampleRateHz;
    flags.VBR = VbrMode.vbr_off;
    flags.brate = nearestKbps(sampleRateHz, kbps);
    flags.quality = QUALITY;
    flags.bWriteVbrTag = false;
    flags.write_id3tag_automatic = false;
    flags.disable_reservoir = true;
    id3.id3tag_init(flags);
    int error = lame.lame_init_params(flags);
    if (error < 0) {
      throw new IllegalArgumentException("MP3 can't do " + sampleRateHz + " Hz");
    }
  }

  /**
   * The standard has three ladders: 32–320 kbit/s from 32 kHz up, 8–160 from 16 kHz up, and 8–64
   * below (ISO 11172-3, 13818-3, and MPEG 2.5 as decoders know it).
   */
  static int nearestKbps(int sampleRateHz, int kbps) {
    int[] ladder = sampleRateHz >= 32000 ? MPEG1_KBPS : MPEG2_KBPS;
    int top = sampleRateHz >= 16000 ? Integer.MAX_VALUE : 64;
    int best = ladder[0];
    for (int step : ladder) {
      if (step <= top && Math.abs(step - kbps) < Math.abs(best - kbps)) {
        best = step;
      }
    }
    return best;
  }

  @Override
  public byte[] encode(short[] samples, int offset, int length) {
    int[] wide = new int[length];
    for (int i = 0; i < length; i++) {
      wide[i] = samples[offset + i] << 16;
    }
    byte[] out = new byte[length + length / 4 + 1 + SLACK];
    int written = lame.lame_encode_buffer_int(flags, wide, wide, length, out, 0, out.length);
    return take(out, written);
  }

  @Override
  public byte[] finish() {
    byte[] out = new byte[2 * SLACK];
    return take(out, lame.lame_encode_flush(flags, out, 0, out.length));
  }

  private static byte[] take(byte[] out, int written) {
    if (written < 0) {
      throw new IllegalStateException("LAME failed with " + written);
    }
    return Arrays.copyOf(out, written);
  }
}
