package dev.voicebridge.audio;

import dev.voicebridge.page.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A judge that nobody here wrote. */
public final class Ffmpeg {
  private static final int PATIENCE_SECONDS = 60;

  private Ffmpeg() {}

  public static Optional<Path> executable() {
    return Node.onPath("ffmpeg");
  }

  /** About the command line, not about the stream. */
  private static final String GUESS = "Guessed Channel Layout for Input Stream #0.0 : mono";

  /**
   * What was decoded, and every warning that it was worth.
   *
   * @param complaints empty: none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Verdict(Decoded decoded, String complaints) {}

  /**
   * Decodes a stream as it comes through a pipe, without a file's length or a way back.
   *
   * @param format what it is told to expect; raw formats with their options
   * @param hz the rate of the samples that come out; another than the stream's is resampled
   */
  public static Verdict decode(Path folder, byte[] stream, List<String> format, int hz)
      throws IOException, InterruptedException {
    Path in = Files.write(Files.createTempFile(folder, "in", ".bin"), stream);
    Path out = Files.createTempFile(folder, "out", ".pcm");
    Path told = Files.createTempFile(folder, "told", ".txt");
    List<String> command = new ArrayList<>();
    command.add(executable().orElseThrow().toString());
    command.addAll(List.of("-nostdin", "-hide_banner", "-loglevel", "warning"));
    command.addAll(List.of("-err_detect", "crccheck+bitstream+buffer"));
    command.addAll(format);
    command.addAll(List.of("-i", "pipe:0", "-f", "s16le", "-ac", "1", "-ar", "" + hz, "pipe:1"));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(told.toFile())
            .start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String complaints = Files.readString(told).replace(GUESS, "").strip();
    if (!ended || process.exitValue() != 0) {
      complaints += ended ? " (exit " + process.exitValue() + ")" : " (no end)";
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.LITTLE_ENDIAN);
    short[] samples = new short[bytes.remaining() / 2];
    bytes.asShortBuffer().get(samples);
    return new Verdict(new Decoded(hz, samples), complaints);
  }
}
