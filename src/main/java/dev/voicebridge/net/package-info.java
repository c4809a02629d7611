/** What talking to other hosts takes. A leaf; may touch: nothing of ours. */
@NullMarked
package dev.voicebridge.net;

import org.jspecify.annotations.NullMarked;
