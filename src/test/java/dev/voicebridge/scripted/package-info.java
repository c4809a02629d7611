/**
 * The bridge against peers that are told what to do: a scripted service that is not the guest, and
 * a client that writes down what it hears.
 */
@NullMarked
package dev.voicebridge.scripted;

import org.jspecify.annotations.NullMarked;
