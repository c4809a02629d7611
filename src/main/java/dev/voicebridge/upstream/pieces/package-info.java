/**
 * Speech from services that take a text whole and answer over HTTP: cutting, asking ahead, joining.
 * What such a service is asked for, and how its answer is read, is a {@link
 * dev.voicebridge.upstream.pieces.PieceService}. May touch: audio, upstream.
 */
@NullMarked
package dev.voicebridge.upstream.pieces;

import org.jspecify.annotations.NullMarked;
