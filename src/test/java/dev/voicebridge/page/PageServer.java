package dev.voicebridge.page;

import java.net.URI;
import java.util.concurrent.TimeoutException;

/** Something that serves the page and speaks its protocol. */
interface PageServer extends AutoCloseable {
  /**
   * @return the address of the page, once it answers
   */
  URI start() throws TimeoutException;

  @Override
  void close() throws TimeoutException;
}
