package dev.voicebridge.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/**
 * Between buffers and arrays without copies, for what happens to every delta. The only place that
 * looks inside a buffer; what it cannot see through it copies.
 */
public final class Bytes {
  private Bytes() {}

  /**
   * @param buffer neither it nor the array may be changed afterwards
   */
  static byte[] of(Buffer buffer) {
    if (buffer instanceof BufferInternal internal) {
      ByteBuf inside = internal.getByteBuf();
      if (inside.hasArray() && inside.array().length == inside.readableBytes()) {
        return inside.array();
      }
    }
    return buffer.getBytes();
  }

  /**
   * @param bytes must not be changed afterwards
   * @return of a fixed length: nothing can be appended
   */
  public static Buffer wrap(byte[] bytes) {
    return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
  }
}
