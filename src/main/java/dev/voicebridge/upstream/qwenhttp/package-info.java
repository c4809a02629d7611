/**
 * DashScope's models that are asked over plain HTTP, a request for each piece of text. May touch:
 * net, sse, upstream.
 */
@NullMarked
package dev.voicebridge.upstream.qwenhttp;

import org.jspecify.annotations.NullMarked;
