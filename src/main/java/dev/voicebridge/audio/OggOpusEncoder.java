package dev.voicebridge.audio;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.github.jaredmdobson.concentus.OpusSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Set;
import org.gagravarr.ogg.OggFile;
import org.gagravarr.ogg.OggPacket;
import org.gagravarr.ogg.OggPacketWriter;
import org.gagravarr.opus.OpusInfo;
import org.gagravarr.opus.OpusTags;
import org.jspecify.annotations.Nullable;

/**
 * Opus packets of 20 ms in Ogg pages of 60 ms, so that a listener never waits for a page (RFC
 * 7845).
 */
final class OggOpusEncoder implements AudioEncoder {
  private static final Set<Integer> CODEC_RATES = Set.of(8000, 12000, 16000, 24000, 48000);

  /** Opus counts time at this rate whatever goes in. */
  private static final int GRANULE_RATE = 48000;

  private static final int PACKETS_PER_SECOND = 50;
  private static final int PACKETS_PER_PAGE = 3;

  /** The largest packet of 20 ms (RFC 6716 §3.2.1). */
  private static final int MAX_PACKET = 1275;

  /** The codec takes at most 300 kbit/s a channel; more would not be heard either. */
  private static final int MAX_KBPS = 300;

  private final OpusEncoder codec;
  private final int codecRate;
  private final int preSkip;
  private final @Nullable Resampler resampler;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final OggPacketWriter pages;
  private final short[] frame;
  private final byte[] packet = new byte[MAX_PACKET];

  private int filled;
  private int packetsOnPage;
  private long packets;

  /** Samples at the codec's rate that came in. */
  private long samplesIn;

  OggOpusEncoder(int sampleRateHz, int kbps) {
    codecRate = codecRate(sampleRateHz);
    resampler = codecRate == sampleRateHz ? null : new Resampler(sampleRateHz, codecRate);
    frame = new short[codecRate / PACKETS_PER_SECOND];
    try {
      codec = new OpusEncoder(codecRate, 1, OpusApplication.OPUS_APPLICATION_AUDIO);
      codec.setSignalType(OpusSignal.OPUS_SIGNAL_VOICE);
      codec.setBitrate(1000 * Math.min(MAX_KBPS, kbps));
      preSkip = codec.getLookahead() * (GRANULE_RATE / codecRate);
      pages = new OggFile(bytes).getPacketWriter();
      OpusInfo head = new OpusInfo();
      head.setNumChannels(1);
      head.setSampleRate(sampleRateHz);
      head.setPreSkip(preSkip);
      pages.bufferPacket(head.write(), true);
      pages.bufferPacket(new OpusTags().write(), true);
    } catch (OpusException e) {
      throw new IllegalStateException("Opus refused " + codecRate + " Hz", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lowest rate of the codec that loses nothing. */
  private static int codecRate(int sampleRateHz) {
    if (CODEC_RATES.contains(sampleRateHz)) {
      return sampleRateHz;
    }
    return sampleRateHz < 24000 ? 24000 : 48000;
  }

  @Override
  public byte[] encode(short[] samples, int offset, int length) {
    if (resampler == null) {
      add(samples, offset, length);
    } else {
      short[] resampled = resampler.process(samples, offset, length);
      add(resampled, 0, resampled.length);
    }
    return drain();
  }

  @Override
  public byte[] finish() {
    if (resampler != null) {
      short[] rest = resampler.finish();
      add(rest, 0, rest.length);
    }
    // The decoder drops the first preSkip samples, so as many must follow the last real one.
    long end = preSkip + samplesIn * (GRANULE_RATE / codecRate);
    long packetSamples = GRANULE_RATE / PACKETS_PER_SECOND;
    while (packets * packetSamples < end) {
      Arrays.fill(frame, filled, frame.length, (short) 0);
      encodeFrame();
    }
    try {
      // A granule position before the end of the last packet tells the decoder where to stop.
      pages.setGranulePosition(end);
      pages.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return drain();
  }

  private void add(short[] samples, int offset, int length) {
    samplesIn += length;
    int at = offset;
    int left = length;
    while (left > 0) {
      int part = Math.min(left, frame.length - filled);
      System.arraycopy(samples, at, frame, filled, part);
      filled += part;
      at += part;
      left -= part;
      if (filled == frame.length) {
        encodeFrame();
      }
    }
  }

  private void encodeFrame() {
    filled = 0;
    try {
      // A full page waits for the next packet: the last page must not be empty at the end.
      if (packetsOnPage == PACKETS_PER_PAGE) {
        pages.setGranulePosition(packets * (GRANULE_RATE / PACKETS_PER_SECOND));
        pages.flush();
        packetsOnPage = 0;
      }
      int length = codec.encode(frame, 0, frame.length, packet, 0, packet.length);
      pages.bufferPacket(new OggPacket(Arrays.copyOf(packet, length)));
      packetsOnPage++;
      packets++;
    } catch (OpusException e) {
      throw new IllegalStateException("Opus failed", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] drain() {
    byte[] out = bytes.toByteArray();
    bytes.reset();
    return out;
  }
}
