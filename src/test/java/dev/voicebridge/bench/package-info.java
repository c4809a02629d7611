/**
 * Benchmarks that anyone can run; {@code src/site/markdown/benchmarks.md} says how and how to read
 * them. The service, the server under test and the listeners are three processes, so that the CPU
 * of each can be told apart.
 */
package dev.voicebridge.bench;
