package dev.voicebridge.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.enrolment.Diagnosis.Retry;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DiagnosisTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "415|BadRequest.UnsupportedFileFormat|File format unsupported.|sample_format_unsupported|AFTER_CHANGE",
        "400|BadRequest.UnsupportedFileFormat|-|sample_format_unsupported|AFTER_CHANGE",
        "415|-|-|sample_format_unsupported|AFTER_CHANGE",
        "416|BadRequest.ResourceNotExist|The Required resource not exist.|resource_not_found|AFTER_CHANGE",
        "400|BadRequest.ResourceNotExist|-|resource_not_found|AFTER_CHANGE",
        "400|BadRequest.VoiceNotFound|Voice 'x' not found.|voice_not_found|NEVER",
        "400|BadRequest.InputDownloadFailed|-|sample_download_failed|AFTER_CHANGE",
        "400|BadRequest.VoiceModelMismatch|-|voice_model_mismatch|AFTER_CHANGE",
        "430|Audio.DecoderError|Decoder audio file failed.|sample_undecodable|AFTER_CHANGE",
        "400|Audio.DecoderError|-|sample_undecodable|AFTER_CHANGE",
        "430|Audio.FileSizeExceed|File too large|sample_too_large|AFTER_CHANGE",
        "400|Audio.AudioRateError|File sample rate unsupported|sample_rate_unsupported|AFTER_CHANGE",
        "400|Audio.AudioSilentError|Silent file unsupported|sample_silent|AFTER_CHANGE",
        "400|Audio.AudioShortError|-|sample_too_short|AFTER_CHANGE",
        "400|Audio.DurationLimitError|-|sample_duration_out_of_range|AFTER_CHANGE",
        "400|Audio.PreprocessError|Audio preprocess error.|sample_preprocess_failed|AFTER_CHANGE",
        "400|Audio.PreprocessError|No segments meet minimum duration requirement|sample_too_short|AFTER_CHANGE",
        "400|Audio.SomethingNew|-|sample_refused|AFTER_CHANGE",
        "430|-|-|sample_refused|AFTER_CHANGE",
        "500|InternalError|audio preprocess server error|vendor_failed|LATER",
        "400|InvalidParameter|x|parameter_invalid|AFTER_CHANGE",
        "400|InvalidParameter.ResourceNotExist|x|resource_not_found|AFTER_CHANGE",
        "401|InvalidApiKey|Invalid API-key provided.|api_key_invalid|AFTER_CHANGE",
        "401|-|-|api_key_invalid|AFTER_CHANGE",
        "403|AccessDenied|-|access_denied|AFTER_CHANGE",
        "403|AccessDenied.Unpurchased|-|model_not_bought|AFTER_CHANGE",
        "403|Model.AccessDenied|-|model_access_denied|AFTER_CHANGE",
        "403|Workspace.AccessDenied|-|workspace_access_denied|AFTER_CHANGE",
        "403|AllocationQuota.FreeTierOnly|-|free_quota_used_up|AFTER_CHANGE",
        "404|ModelNotFound|-|model_not_found|AFTER_CHANGE",
        "400|-|Model not exist.|model_not_found|AFTER_CHANGE",
        "429|Throttling|-|throttled|LATER",
        "429|Throttling.RateQuota|Requests rate limit exceeded, please try again later.|throttled|LATER",
        "429|Throttling.AllocationQuota|-|allocation_quota_reached|LATER",
        "400|Arrearage|-|arrears|AFTER_CHANGE",
        "0|-|Access denied, please make sure your account is in good standing.|arrears|AFTER_CHANGE",
        "400|DataInspectionFailed|-|content_refused|AFTER_CHANGE",
        "400|InvalidParameter|preview_text should not be shorter than 15 characters|preview_text_too_short|AFTER_CHANGE",
        "0|InvalidParameter|[tts:]Engine return error code: 418|synthesis_voice_refused|AFTER_CHANGE",
        "400|InvalidParameter|[cosyvoice:]Engine return error code: 418|synthesis_voice_refused|AFTER_CHANGE",
        "0|InvalidParameter|[cosyvoice:]Engine error [411]: TTS speak operation failed|synthesis_voice_unfit|AFTER_CHANGE",
        "0|InvalidParameter|[tts:]Engine return error code: 428|instruction_refused|AFTER_CHANGE",
        "0|InvalidParameter|Request voice is invalid!|voice_missing|AFTER_CHANGE",
        "0|InvalidParameter|Please ensure input text is valid.|text_unspeakable|AFTER_CHANGE",
        "0|InvalidParameter|SSML text is not supported at the moment!|ssml_unsupported|AFTER_CHANGE",
        "0|CLIENT_ERROR|request timeout after 23 seconds.|text_gap|LATER",
        "400|-|-|request_refused_silently|AFTER_CHANGE",
        "503|ModelServingError|-|vendor_failed|LATER",
        "504|-|-|vendor_timeout|LATER",
        "0|Whatever.New|who knows|vendor_error|LATER",
      })
  void everyKnownErrorIsExplained(
      int status, @Nullable String code, @Nullable String message, String ours, Retry retry) {
    Diagnosis told =
        Diagnosis.of(
            Provider.COSYVOICE, status, code, message, new JsonObject().put("voice", "v-1"));

    assertEquals(ours, told.code());
    assertEquals(retry, told.retry());
    assertEquals("v-1", told.evidence().getString("voice"));
    assertFalse((told.cause().en() + told.advice().zh()).contains("{"));
  }

  @Test
  void everyRowSpeaksBothLanguages() {
    for (String code : Diagnosis.codes()) {
      Diagnosis row = Diagnosis.named(code);
      for (Words words : List.of(row.cause(), row.advice())) {
        assertTrue(words.zh().matches(".*[\\u4e00-\\u9fff].*"), code);
        assertTrue(words.en().matches("[\\x20-\\x7e–]+"), code + ": " + words.en());
        assertTrue(words.en().length() >= 10 && words.zh().length() > 3, code);
      }
    }
  }

  @Test
  void foreignWordsStayOnOneLine() {
    Diagnosis told =
        Diagnosis.of(
            Provider.QWEN, 400, "InvalidParameter", "a\r\nb\u202e $1 \\", new JsonObject());

    assertEquals("a b $1 \\", told.evidence().getString("vendor_message"));
    assertTrue(told.advice().en().endsWith("a b $1 \\"));
  }

  @Test
  void aVerifiedAccountIsSiliconFlowsMatterAlone() {
    JsonObject none = new JsonObject();

    assertEquals(
        "account_unverified",
        Diagnosis.of(Provider.SILICONFLOW, 403, null, "Forbidden", none).code());
    assertEquals("access_denied", Diagnosis.of(Provider.QWEN, 403, null, "Forbidden", none).code());
  }
}
