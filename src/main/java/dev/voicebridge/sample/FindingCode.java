package dev.voicebridge.sample;

import java.util.Locale;

/** Everything the doctor can find. {@code %s} in a message is the figure that was measured. */
public enum FindingCode {
  // The file.
  EMPTY(
      Severity.FATAL,
      "文件里没有音频",
      "The file has no audio in it",
      "请重新录音或重新上传",
      "Record or upload it again"),
  UNSUPPORTED_FORMAT(
      Severity.FATAL,
      "不支持这种文件（%s）",
      "This kind of file isn't supported (%s)",
      "请上传 WAV（16 位）、MP3 或 M4A",
      "Upload WAV (16 bit), MP3 or M4A"),
  UNSUPPORTED_CODEC(
      Severity.FATAL,
      "文件中的编码无法解码（%s）",
      "The encoding inside the file can't be decoded (%s)",
      "请另存为 16 位 PCM 的 WAV、MP3 或 AAC",
      "Save it as WAV with 16-bit PCM, MP3 or AAC"),
  CORRUPT(
      Severity.FATAL,
      "文件已损坏，或不是它自称的格式（%s）",
      "The file is damaged, or not what it says it is (%s)",
      "请从原始录音重新导出",
      "Export it again from the original recording"),
  TRUNCATED(
      Severity.FATAL,
      "文件不完整（%s）",
      "The file is incomplete (%s)",
      "请重新上传整个文件",
      "Upload the whole file again"),
  DAMAGED_FRAMES(
      Severity.WARNING,
      "文件中有损坏的帧",
      "Some frames of the file are damaged",
      "请从原始录音重新导出",
      "Export it again from the original recording"),
  OPEN_HEADER(
      Severity.WARNING,
      "WAV 文件头没有写明长度（流式录音常见）",
      "The WAV header doesn't say how long the file is, as after a streamed recording",
      "使用修复后的样本，或另存一次",
      "Use the mended sample, or save the file once more"),
  TYPE_MISMATCH(
      Severity.ADVICE,
      "声明的类型与内容不符（实际是 %s）",
      "The declared type isn't what the content is (%s)",
      "请按内容声明类型；这里以内容为准",
      "Declare what it is; here the content counts"),
  TOO_LARGE(
      Severity.WARNING,
      "文件太大（%s）",
      "The file is too large (%s)",
      "请缩短，或使用修复后的样本",
      "Shorten it, or use the mended sample"),
  LOW_RATE(
      Severity.WARNING,
      "采样率太低（%s）",
      "The sample rate is too low (%s)",
      "请以 24 kHz 或更高的采样率重新录音；升采样补不回丢失的高音",
      "Record again at 24 kHz or more; upsampling doesn't bring back the treble that was lost"),
  STEREO(
      Severity.ADVICE,
      "有 %s 个声道，只使用第一个",
      "It has %s channels, of which only the first counts",
      "请确认说话声在第一个（左）声道，最好录成单声道",
      "Make sure that the speech is in the first (left) one; mono is best"),
  BIT_DEPTH(
      Severity.ADVICE,
      "WAV 不是 16 位 PCM（%s）",
      "The WAV isn't 16-bit PCM (%s)",
      "使用修复后的样本，或另存为 16 位",
      "Use the mended sample, or save it with 16 bits"),
  // The length.
  TOO_LONG(
      Severity.WARNING,
      "样本太长（%s）",
      "The sample is too long (%s)",
      "10–20 秒最好，最长 60 秒",
      "10–20 s are best, 60 s are the most"),
  TOO_SHORT(
      Severity.WARNING,
      "有效语音太短（%s）",
      "There is too little speech (%s)",
      "请朗读 10–20 秒",
      "Read aloud for 10–20 s"),
  SHORT_RUNS(
      Severity.WARNING,
      "没有足够长的连续语音（最长 %s）",
      "No stretch of speech is long enough (the longest: %s)",
      "请连续朗读至少 5 秒，中间不要停",
      "Speak for at least 5 s without a break"),
  // The speech.
  SILENT(
      Severity.FATAL,
      "样本是静音",
      "The sample is silent",
      "请检查麦克风后重新录音",
      "Check the microphone and record again"),
  NO_SPEECH(
      Severity.FATAL,
      "没有听到语音",
      "No speech was found",
      "请录一段正常的说话声",
      "Record somebody speaking normally"),
  LONG_PAUSE(
      Severity.WARNING,
      "停顿太长（%s）",
      "The pause is too long (%s)",
      "停顿不要超过 2 秒；修复后的样本会缩短它",
      "Pauses should stay under 2 s; the mended sample shortens it"),
  LOW_SPEECH_RATIO(
      Severity.WARNING,
      "语音只占 %s",
      "Only %s of the time is speech",
      "语音至少要占 60%；修复后的样本会去掉空白",
      "At least 60 % should be speech; the mended sample takes blanks out"),
  LEADING_SILENCE(
      Severity.ADVICE,
      "开头有 %s 没有声音",
      "It starts with %s of silence",
      "剪掉开头；修复后的样本会去掉它",
      "Cut the beginning; the mended sample does so"),
  TRAILING_SILENCE(
      Severity.ADVICE,
      "结尾有 %s 没有声音",
      "It ends with %s of silence",
      "剪掉结尾；修复后的样本会去掉它",
      "Cut the end; the mended sample does so"),
  QUIET(
      Severity.WARNING,
      "声音太小（%s）",
      "It is too quiet (%s)",
      "靠近麦克风或调高录音音量；修复后的样本会放大",
      "Go nearer to the microphone or turn it up; the mended sample is made louder"),
  // The sound.
  CLIPPING(
      Severity.WARNING,
      "声音过大而削波失真",
      "It is clipped: too loud for the recording",
      "调低录音音量后重录；失真无法修复",
      "Turn the recording level down and record again; this can't be mended"),
  NOISE(
      Severity.WARNING,
      "背景噪声太大（信噪比 %s）",
      "The background is too noisy (%s of signal over noise)",
      "换安静的地方重录，关掉空调和风扇",
      "Record again in a quiet place, without fans or air conditioning"),
  HUM(
      Severity.WARNING,
      "有电源嗡嗡声（%s）",
      "There is mains hum (%s)",
      "换电源、换线，或用电池供电重录",
      "Record again with another power supply or cable, or on battery"),
  ECHO(
      Severity.WARNING,
      "有回声（%s）",
      "There is an echo (%s)",
      "戴耳机，关掉扬声器，换小而软的房间重录",
      "Record again with headphones, loudspeakers off, in a small, soft room"),
  REVERBERATION(
      Severity.WARNING,
      "房间混响太大",
      "The room reverberates too much",
      "靠近麦克风，在有地毯、窗帘的小房间重录",
      "Record again near the microphone, in a small room with carpet and curtains"),
  // Only advice: heard with less certainty.
  SINGING(
      Severity.ADVICE, "听起来像唱歌", "It sounds like singing", "请用平常说话的方式录音", "Speak in a normal way"),
  SECOND_SPEAKER(
      Severity.ADVICE,
      "可能有第二个人说话",
      "There may be a second speaker",
      "样本里只应有一个人",
      "Only one person should be heard");

  private final Severity severity;
  final String zh;
  final String en;
  final String remedyZh;
  final String remedyEn;

  FindingCode(Severity severity, String zh, String en, String remedyZh, String remedyEn) {
    this.severity = severity;
    this.zh = zh;
    this.en = en;
    this.remedyZh = remedyZh;
    this.remedyEn = remedyEn;
  }

  public Severity severity() {
    return severity;
  }

  /** As on the wire: {@code long_pause}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
