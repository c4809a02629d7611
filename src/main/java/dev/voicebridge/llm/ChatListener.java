package dev.voicebridge.llm;

/**
 * Called on the event loop of {@link ChatClient#open}, never before that has returned. Exactly one
 * of {@link #onDone} and {@link #onFailed} comes, last, once; nothing after {@link
 * ChatStream#stop}.
 */
public interface ChatListener {
  /** The next piece of the answer; never empty, and never what the model only thinks. */
  void onText(String delta);

  void onDone(ChatEnd end);

  void onFailed(ChatException cause);
}
