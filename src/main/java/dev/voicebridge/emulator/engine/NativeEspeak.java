package dev.voicebridge.emulator.engine;

import com.sun.jna.Callback;
import com.sun.jna.IntegerType;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * espeak-ng's C functions. The library has one global state, so there is one of these in a process,
 * and whoever calls it holds {@link #lock}. It is never unloaded.
 */
final class NativeEspeak {
  static final int EVENT_LIST_TERMINATED = 0;
  static final int EVENT_WORD = 1;

  private static final int OUTPUT_SYNCHRONOUS = 2;
  private static final int BLOCK_MS = 60;

  private static final int TEXT_IS_UTF8 = 1;
  private static final int TEXT_HAS_PHONEMES = 0x100;
  private static final int PAUSE_AT_END = 0x1000;

  private static final int PARAMETER_RATE = 1;
  private static final int PARAMETER_PITCH = 3;
  private static final int PARAMETER_RANGE = 4;

  private static final int EVENT_TEXT_POSITION = 8;
  private static final int EVENT_SAMPLE = 20;

  /** Where JNA unpacks its own part, if it is told where. */
  private static final String JNA_FOLDER = "jna.tmpdir";

  private static final String FOLDER = "java.io.tmpdir";

  /** Without it, the same text would sound a little different each time. */
  private static final long SEED = 1;

  /** The functions by their names in the library (speak_lib.h). */
  @SuppressWarnings("MemberName")
  interface Functions extends Library {
    int espeak_Initialize(int output, int blockMs, String path, int options);

    void espeak_SetSynthCallback(SynthCallback callback);

    int espeak_SetVoiceByName(String name);

    int espeak_SetParameter(int parameter, int value, int relative);

    int espeak_Synth(
        Pointer text,
        NativeSize size,
        int position,
        int positionType,
        int endPosition,
        int flags,
        @Nullable Pointer identifier,
        @Nullable Pointer userData);

    @Nullable Pointer espeak_TextToPhonemes(PointerByReference text, int textMode, int phonemeMode);

    void espeak_ng_SetRandSeed(NativeLong seed);
  }

  /** {@code size_t}. */
  public static final class NativeSize extends IntegerType {
    private static final long serialVersionUID = 1L;

    public NativeSize() {
      this(0);
    }

    public NativeSize(long value) {
      super(Native.SIZE_T_SIZE, value, true);
    }
  }

  /** {@code t_espeak_callback}. */
  interface SynthCallback extends Callback {
    int invoke(@Nullable Pointer samples, int count, Pointer events);
  }

  /** Takes what one call of {@link #synthesize} produces, in order. */
  interface Output {
    /**
     * @param sample from the first sample of the call
     * @param textPosition index of the code point, from 0
     */
    void event(int type, int sample, int textPosition);

    /**
     * @return false to stop
     */
    boolean samples(short[] samples);
  }

  private static @Nullable NativeEspeak instance;

  /** Why it will never load in this process: JNA tries once. */
  private static @Nullable String unloadable;

  final ReentrantLock lock = new ReentrantLock(true);
  final int sampleRateHz;

  private final Functions functions;

  /**
   * Two ints, two of text, two of audio; a pointer; a union of eight bytes. No constant: whoever
   * asks JNA loads its native part, and that has to fail where it is explained.
   */
  private final int eventBytes = 24 + Native.POINTER_SIZE + 8;

  /** Held so that the garbage collector leaves it to the library. */
  private final SynthCallback callback = this::block;

  private @Nullable Output output;
  private @Nullable Throwable failure;
  private String voice = "";

  private NativeEspeak(EspeakFiles files) {
    functions =
        Native.load(
            files.library().toString(),
            Functions.class,
            Map.of(Library.OPTION_STRING_ENCODING, StandardCharsets.UTF_8.name()));
    sampleRateHz =
        functions.espeak_Initialize(OUTPUT_SYNCHRONOUS, BLOCK_MS, files.data().toString(), 0);
    if (sampleRateHz <= 0) {
      throw new EngineUnavailableException("the speech library can't read " + files.data());
    }
    functions.espeak_SetSynthCallback(callback);
  }

  /** The one of this process, loaded with the first call. */
  static synchronized NativeEspeak get() {
    if (unloadable != null) {
      throw new EngineUnavailableException(unloadable);
    }
    NativeEspeak loaded = instance;
    if (loaded == null) {
      try {
        loaded = new NativeEspeak(EspeakFiles.unpacked(Path.of(System.getProperty(FOLDER))));
      } catch (LinkageError e) {
        String told = explained(e);
        unloadable = told;
        throw new EngineUnavailableException(told, e);
      }
      instance = loaded;
    }
    return loaded;
  }

  /** On one line, with what to do: mostly, the temporary folder is mounted noexec. */
  private static String explained(LinkageError cause) {
    String reason =
        String.valueOf(cause.getMessage())
            .lines()
            .limit(2)
            .map(String::strip)
            .collect(Collectors.joining(" "));
    return "the speech library doesn't load: "
        + reason
        + "; if the folder can't be written or is mounted noexec, name one from which programs"
        + " may run: -D"
        + JNA_FOLDER
        + "=<folder> -D"
        + FOLDER
        + "=<folder> (now "
        + System.getProperty(JNA_FOLDER, "JNA's own")
        + " and "
        + System.getProperty(FOLDER)
        + "), or set a vendor's key";
  }

  /**
   * @param name language, and after a plus the variant, if any
   */
  void voice(String name) {
    if (!name.equals(voice)) {
      voice = "";
      int error = functions.espeak_SetVoiceByName(name);
      if (error != 0) {
        throw new IllegalStateException("espeak has no voice " + name);
      }
      voice = name;
    }
  }

  /** Of the current voice; {@code (en)} marks where it falls back to English. */
  String phonemes(String text) {
    StringBuilder out = new StringBuilder();
    try (Memory utf8 = utf8(text)) {
      PointerByReference rest = new PointerByReference(utf8);
      while (rest.getValue() != null) {
        Pointer clause = functions.espeak_TextToPhonemes(rest, TEXT_IS_UTF8 | TEXT_HAS_PHONEMES, 0);
        out.append(clause == null ? "" : clause.getString(0, "UTF-8")).append(' ');
      }
    }
    return out.toString().strip();
  }

  /**
   * Speaks with the current voice, and returns when all is spoken or the output has had enough.
   *
   * @param wordsPerMinute 80–450
   * @param pitch 0–99
   * @param range 0–99
   */
  void synthesize(
      String text, int wordsPerMinute, int pitch, int range, boolean pauseAtEnd, Output to) {
    functions.espeak_SetParameter(PARAMETER_RATE, wordsPerMinute, 0);
    functions.espeak_SetParameter(PARAMETER_PITCH, pitch, 0);
    functions.espeak_SetParameter(PARAMETER_RANGE, range, 0);
    functions.espeak_ng_SetRandSeed(new NativeLong(SEED));
    output = to;
    failure = null;
    int flags = TEXT_IS_UTF8 | TEXT_HAS_PHONEMES | (pauseAtEnd ? PAUSE_AT_END : 0);
    int error;
    try (Memory utf8 = utf8(text)) {
      error = functions.espeak_Synth(utf8, new NativeSize(utf8.size()), 0, 0, 0, flags, null, null);
    } finally {
      output = null;
      voice = ""; // setting it anew clears what the synthesizer remembers of this text
    }
    Throwable thrown = failure;
    failure = null;
    if (thrown instanceof Error e) {
      throw e;
    }
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (error != 0) {
      throw new IllegalStateException("espeak failed with " + error);
    }
  }

  private int block(@Nullable Pointer samples, int count, Pointer events) {
    Output to = output;
    if (to == null || failure != null) {
      return 1;
    }
    try {
      for (long at = 0; events.getInt(at) != EVENT_LIST_TERMINATED; at += eventBytes) {
        to.event(
            events.getInt(at),
            events.getInt(at + EVENT_SAMPLE),
            events.getInt(at + EVENT_TEXT_POSITION) - 1);
      }
      if (samples == null || count == 0) {
        return 0;
      }
      return to.samples(samples.getShortArray(0, count)) ? 0 : 1;
    } catch (RuntimeException | Error e) {
      // It can't pass through the library's frames: synthesize throws it.
      failure = e;
      return 1;
    }
  }

  private static Memory utf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Memory memory = new Memory(bytes.length + 1L);
    memory.write(0, bytes, 0, bytes.length);
    memory.setByte(bytes.length, (byte) 0);
    return memory;
  }
}
