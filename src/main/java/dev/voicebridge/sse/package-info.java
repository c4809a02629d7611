/** Reads server-sent events of a service. A leaf; may touch: nothing of ours. */
@NullMarked
package dev.voicebridge.sse;

import org.jspecify.annotations.NullMarked;
