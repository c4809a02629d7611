/**
 * The map of the house.
 *
 * <p>A frame's path, all on one event loop: {@code upstream socket → upstream.qwen (JSON → audio
 * bytes) → UpstreamListener.onAudio → bridge.Session → client socket (binary frame)}. Pressure runs
 * back the same way: client queue full → {@code Session} pauses the {@code UpstreamSession} → TCP.
 * Text runs down: {@code client text frame → ClientEvent → Session → UpstreamSession.append}.
 *
 * <p>Arrows: {@code Main → http → bridge → upstream}; {@code http → upstream} to choose one; {@code
 * catalogue}, {@code audio}, {@code config}, {@code metrics} and {@code text} are leaves that
 * anyone may touch. {@code voice} keeps the records of voices, {@code sample} examines what they
 * are cloned from, and {@code enrolment} speaks to the vendors that make them; the doors that join
 * the three are still to come. The {@code emulator} is a guest: nothing points at it, and of ours
 * it touches {@code audio} alone.
 */
@NullMarked
package dev.voicebridge;

import org.jspecify.annotations.NullMarked;
