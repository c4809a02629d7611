/**
 * The map of the house.
 *
 * <p>A frame's path, all on one event loop: {@code upstream socket → upstream.qwen (JSON → audio
 * bytes) → UpstreamListener.onAudio → bridge.Speaker → Audience (of a session: ServerEvents) →
 * client socket (binary frame)}. Pressure runs back the same way: client queue full → {@code
 * Speaker} pauses the {@code UpstreamSession} → TCP. Text runs down: {@code client text frame →
 * ClientEvent → Session → Turn (as written, and as spoken: text) → Speaker →
 * UpstreamSession.append}. Where a language model writes, {@code llm → bridge.Scribe → Turn}.
 *
 * <p>A request for speech is one turn of the same engine: {@code http.SpeechEndpoint →
 * bridge.SpeechStream → Speaker}, and back {@code → Recoding → http.SpeechAnswer} (bytes or
 * events). So is a task of the vendor's clients: {@code bridge.InferenceSession → InferenceTask →
 * Speaker}.
 *
 * <p>Arrows: {@code Main → http → bridge → upstream}, {@code bridge → llm}; {@code http → upstream}
 * and {@code http → llm} to choose one; {@code catalogue}, {@code audio}, {@code config}, {@code
 * metrics}, {@code text}, {@code sse} and {@code net} are leaves that anyone may touch. The {@code
 * emulator} is a guest: nothing points at it, and of ours it touches {@code audio} alone.
 *
 * <p>A voice's path: {@code http.VoicesEndpoint} or {@code http.CustomizationEndpoint → library}
 * (on a loop of its own) {@code → sample} (is the recording good?), {@code voice} (its record),
 * {@code enrolment} (the vendor makes it). A session finds it by {@code bridge.VoiceBook}, which
 * {@code http.LibraryVoices} answers from memory. The three are leaves that only {@code library},
 * {@code http} and {@code Main} touch.
 */
@NullMarked
package dev.voicebridge;

import org.jspecify.annotations.NullMarked;
