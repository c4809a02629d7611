package dev.voicebridge.catalogue;

/** How a model is spoken to. */
public enum Dialect {
  /** {@code /api-ws/v1/realtime}: events, base64 deltas. */
  QWEN_REALTIME,
  /** {@code /api-ws/v1/inference}, {@code streaming:"duplex"}: tasks, text streams in. */
  COSYVOICE,
  /** {@code /api-ws/v1/inference}, {@code streaming:"out"}: the whole text in run-task. */
  SAMBERT,
  /** {@code POST /audio/speech}: a request for each piece of text, the answer is the sound. */
  OPENAI,
  /** {@code POST …/multimodal-generation/generation}, the sound as it is made, in an SSE stream. */
  QWEN_HTTP,
  /** The same without a stream: the answer is a link to a whole file, which is fetched at once. */
  QWEN_FILE
}
