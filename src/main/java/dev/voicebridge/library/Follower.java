package dev.voicebridge.library;

import dev.voicebridge.enrolment.EnrolledVoice;
import dev.voicebridge.voice.Voice;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;

/**
 * Asks for a voice that the vendor is at work on, until it is ready or refused. Library loop only.
 */
final class Follower {
  private final Vertx vertx;
  private final Records records;
  private final Times times;
  private boolean closed;

  Follower(Vertx vertx, Records records, Times times) {
    this.vertx = vertx;
    this.records = records;
    this.times = times;
  }

  static Voice.State state(EnrolledVoice.Status status) {
    return switch (status) {
      case DEPLOYING -> Voice.State.DEPLOYING;
      case OK -> Voice.State.OK;
      case UNDEPLOYED -> Voice.State.FAILED;
    };
  }

  /**
   * @param end called when there is nothing more to follow
   */
  void follow(Voice voice, Vendors.Vendor vendor, Runnable end) {
    ask(voice, vendor, end, Instant.now().plus(times.follow()), times.ask());
  }

  private void ask(
      Voice voice, Vendors.Vendor vendor, Runnable end, Instant until, Duration pause) {
    String providerVoiceId = voice.providerVoiceId();
    if (closed || providerVoiceId == null || Instant.now().isAfter(until)) {
      end.run();
      return;
    }
    vertx.setTimer(
        pause.toMillis(),
        timer ->
            vendor
                .enrolment()
                .query(providerVoiceId)
                .onComplete(
                    answer -> {
                      Duration next = pause.multipliedBy(3).dividedBy(2);
                      Duration longest = times.ask().multipliedBy(10);
                      // A question that fails is asked again: the refresh knows what is gone.
                      if (answer.failed()
                          || answer.result().voice().status() == EnrolledVoice.Status.DEPLOYING) {
                        ask(
                            voice,
                            vendor,
                            end,
                            until,
                            next.compareTo(longest) < 0 ? next : longest);
                        return;
                      }
                      EnrolledVoice.Status status = answer.result().voice().status();
                      records
                          .change(
                              voice,
                              editor -> editor.state(state(status)).vendorStatus(status.name()))
                          .onComplete(done -> end.run());
                    }));
  }

  void close() {
    closed = true;
  }
}
