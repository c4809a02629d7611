package dev.voicebridge.emulator;

import dev.voicebridge.audio.AudioEncoder;
import dev.voicebridge.audio.AudioFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** PCM, with a RIFF mark before WAV and three letters before the others. */
final class PlainEncoders {
  private PlainEncoders() {}

  static AudioEncoder of(AudioFormat format, int sampleRateHz, @Nullable Integer bitRateKbps) {
    return new AudioEncoder() {
      private boolean begun = format == AudioFormat.PCM;

      @Override
      public byte[] encode(short[] samples, int offset, int length) {
        int header = begun ? 0 : 44;
        ByteBuffer out = ByteBuffer.allocate(header + 2 * length).order(ByteOrder.LITTLE_ENDIAN);
        if (!begun) {
          begun = true;
          out.put(new byte[] {'R', 'I', 'F', 'F'}).position(header);
        }
        out.asShortBuffer().put(samples, offset, length);
        return out.array();
      }

      @Override
      public byte[] finish() {
        return new byte[0];
      }
    };
  }
}
