package dev.voicebridge.sdk;

import com.alibaba.dashscope.audio.ttsv2.enrollment.Voice;
import com.alibaba.dashscope.audio.ttsv2.enrollment.VoiceEnrollmentParam;
import com.alibaba.dashscope.audio.ttsv2.enrollment.VoiceEnrollmentService;
import com.alibaba.dashscope.exception.ApiException;
import com.alibaba.dashscope.exception.InputRequiredException;
import com.alibaba.dashscope.exception.NoApiKeyException;
import com.alibaba.dashscope.utils.Constants;
import com.alibaba.dashscope.utils.OSSUtils;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The official enrolment client on some server. The client's base URL is global: one at a time. */
public final class EnrolmentSdkDrive implements AutoCloseable {
  private static final String MODEL = "voice-enrollment";
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String urlBefore;
  private final String key;
  private final VoiceEnrollmentService service;

  private EnrolmentSdkDrive(String urlBefore, String key) {
    this.urlBefore = urlBefore;
    this.key = key;
    this.service = new VoiceEnrollmentService(key);
  }

  /**
   * @param baseUrl such as {@code http://127.0.0.1:8080/api/v1}
   */
  public static EnrolmentSdkDrive on(String baseUrl, String key) {
    String before = Constants.baseHttpApiUrl;
    Constants.baseHttpApiUrl = baseUrl;
    return new EnrolmentSdkDrive(before, key);
  }

  /**
   * @return the voice's id
   */
  public String create(String targetModel, String prefix, String url)
      throws NoApiKeyException, InputRequiredException {
    return service.createVoice(targetModel, prefix, url).getVoiceId();
  }

  /** By temporary upload, with the header that makes the server read it. */
  public String createFromFile(String targetModel, String prefix, Path sample)
      throws NoApiKeyException, InputRequiredException {
    String url = upload(sample);
    return service
        .createVoice(
            targetModel,
            prefix,
            url,
            VoiceEnrollmentParam.builder()
                .apiKey(key)
                .model(MODEL)
                .header("X-DashScope-OssResourceResolve", "enable")
                .build())
        .getVoiceId();
  }

  /**
   * @return an {@code oss://} URL
   */
  public String upload(Path sample) throws NoApiKeyException {
    return OSSUtils.upload(MODEL, sample.toString(), key);
  }

  /** Ids of all voices with that prefix. */
  public List<String> list(String prefix) throws NoApiKeyException, InputRequiredException {
    return Arrays.stream(service.listVoice(prefix, 0, 100)).map(Voice::getVoiceId).toList();
  }

  public Voice query(String id) throws NoApiKeyException, InputRequiredException {
    return service.queryVoice(id);
  }

  /** Asks until the voice can be used. */
  public Voice awaitOk(String id) throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    Voice voice = query(id);
    while (!"OK".equals(voice.getStatus())) {
      if (System.nanoTime() > end) {
        throw new AssertionError(id + " is still " + voice.getStatus());
      }
      TimeUnit.MILLISECONDS.sleep(50); // the API has nothing but asking again
      voice = query(id);
    }
    return voice;
  }

  public void update(String id, String url) throws NoApiKeyException, InputRequiredException {
    service.updateVoice(id, url);
  }

  public void delete(String id) throws NoApiKeyException, InputRequiredException {
    service.deleteVoice(id);
  }

  /** What may fail. */
  public interface Attempt {
    void run() throws Exception;
  }

  /**
   * @return the code of the error that the server answers with
   */
  public static String refusal(Attempt attempt) throws Exception {
    try {
      attempt.run();
    } catch (ApiException e) {
      return e.getStatus().getCode();
    }
    throw new AssertionError("it was not refused");
  }

  @Override
  public void close() {
    Constants.baseHttpApiUrl = urlBefore;
  }
}
