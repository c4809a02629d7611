package dev.voicebridge.http;

import dev.voicebridge.enrolment.Diagnosis;
import dev.voicebridge.enrolment.EnrolmentException;
import dev.voicebridge.library.LibraryException;
import dev.voicebridge.voice.VoiceStoreException;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the library, a vendor or the store refused, as rows of {@link Problem}. */
final class VoiceProblems {
  private static final int RETRY_SECONDS = 5;

  /** Trouble of the operator's account: nothing that the caller could change in a request. */
  private static final Set<String> OPERATORS =
      Set.of(
          "api_key_invalid",
          "account_unverified",
          "arrears",
          "free_quota_used_up",
          "model_not_bought",
          "model_access_denied",
          "workspace_access_denied",
          "access_denied");

  private static final Set<String> BUSY =
      Set.of("throttled", "allocation_quota_reached", "model_overloaded", "call_not_sent");

  private VoiceProblems() {}

  /**
   * @return null: it is nothing of theirs
   */
  static Problem.@Nullable Failure of(Throwable cause) {
    if (cause instanceof LibraryException refused) {
      return of(refused);
    }
    if (cause instanceof EnrolmentException refused) {
      return of(refused, of(refused.diagnosis()));
    }
    return cause instanceof VoiceStoreException failed ? of(failed.kind()) : null;
  }

  /**
   * As {@link #of(Throwable)} for somebody who brought a key of their own: trouble of the account
   * is theirs to end.
   */
  static Problem.@Nullable Failure ofVisitor(Throwable cause) {
    return cause instanceof EnrolmentException refused
            && OPERATORS.contains(refused.diagnosis().code())
        ? of(refused, of(refused.diagnosis(), Problem.PROVIDER_REFUSED))
        : of(cause);
  }

  private static Problem.Failure of(EnrolmentException refused, Problem.Failure failure) {
    // Asking again at once could make the voice twice.
    return refused.mayHaveHappened()
        ? failure.with(new JsonObject().put("may_have_happened", true))
        : failure;
  }

  private static Problem.Failure of(LibraryException refused) {
    Problem problem =
        switch (refused.reason()) {
          case NOT_FOUND -> Problem.NO_SUCH_VOICE;
          case INVALID -> Problem.BAD_FIELD;
          case SAMPLE_REFUSED -> Problem.SAMPLE_REFUSED;
          case NO_CONSENT -> Problem.NO_CONSENT;
          case MODEL_NOT_ALLOWED -> Problem.NO_SUCH_MODEL;
          case NOT_ALLOWED -> Problem.NOT_ALLOWED;
          case QUOTA -> Problem.QUOTA;
          case UNSUPPORTED -> Problem.UNSUPPORTED;
          case CONFLICT -> Problem.CONFLICT;
        };
    String param = refused.param().isEmpty() ? null : refused.param();
    // The envelope's own fields are not for the details to change.
    JsonObject details = refused.details();
    Set.of("message", "type", "param", "code").forEach(details::remove);
    return problem.about(refused.words().en(), param).with(details).inChinese(refused.words().zh());
  }

  /** A vendor's refusal, or one in its stead before the call. */
  static Problem.Failure of(Diagnosis diagnosis) {
    return of(diagnosis, problemOf(diagnosis));
  }

  private static Problem.Failure of(Diagnosis diagnosis, Problem problem) {
    Problem.Failure failure =
        problem
            .about(diagnosis.cause().en(), null)
            .inChinese(diagnosis.cause().zh())
            .with(
                new JsonObject()
                    .put("code", diagnosis.code())
                    .put("hint", diagnosis.advice().en())
                    .put("hint_zh", diagnosis.advice().zh())
                    .put("retry", diagnosis.retry().name().toLowerCase(Locale.ROOT))
                    .put("evidence", diagnosis.evidence()));
    return diagnosis.retry() == Diagnosis.Retry.LATER ? failure.retryAfter(RETRY_SECONDS) : failure;
  }

  private static Problem problemOf(Diagnosis diagnosis) {
    String code = diagnosis.code();
    if (BUSY.contains(code)) {
      return Problem.TOO_MANY;
    }
    if (OPERATORS.contains(code)) {
      return Problem.PROVIDER_FAILED;
    }
    if (code.equals("voice_quota_reached")) {
      return Problem.QUOTA;
    }
    if (code.equals("voice_not_found")) {
      return Problem.NO_SUCH_VOICE;
    }
    if (code.equals("voice_not_noted")) {
      return Problem.LIBRARY_AWAY;
    }
    if (code.equals("operation_unsupported")) {
      return Problem.UNSUPPORTED;
    }
    boolean asked =
        diagnosis.evidence().containsKey("http_status")
            || diagnosis.evidence().containsKey("vendor_code");
    return switch (diagnosis.retry()) {
      case AFTER_CHANGE -> asked ? Problem.PROVIDER_REFUSED : Problem.BAD_FIELD;
      case NEVER, LATER -> Problem.PROVIDER_FAILED;
    };
  }

  private static Problem.Failure of(VoiceStoreException.Kind kind) {
    return switch (kind) {
      case CONFLICT -> Problem.CONFLICT.asException().inChinese("音色已被改动，请重新读取。");
      case TAKEN -> Problem.TAKEN.asException().inChinese("该音色已被另一条记录占用。");
      case GONE -> Problem.NO_SUCH_VOICE.asException().inChinese("没有这个音色。");
      case UNAVAILABLE ->
          Problem.LIBRARY_AWAY
              .asException()
              .inChinese("音色库暂时只能从内存读取，无法写入，请稍后再试。")
              .retryAfter(RETRY_SECONDS);
    };
  }
}
