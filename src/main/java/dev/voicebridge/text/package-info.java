/**
 * Text before it is spoken: what of it a person would read aloud, how words are pronounced, and how
 * alike two names are. A leaf that anyone may touch; may touch: nothing of ours.
 */
@NullMarked
package dev.voicebridge.text;

import org.jspecify.annotations.NullMarked;
