package dev.voicebridge.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrefixTest {
  @Property(tries = 500)
  boolean isLegalStableAndNeverEmpty(@ForAll String name, @ForAll Provider provider) {
    String prefix = Prefix.of(provider, name);
    return Prefix.isLegal(provider, prefix) && prefix.equals(Prefix.of(provider, name));
  }

  @ParameterizedTest
  @CsvSource({
    "小明的妈妈, xiaoming, xiao_ming_de_ma",
    "Anna, anna, Anna",
    "Anna Maria Schmidt, annamaria, Anna_Maria",
    "Jürgen, jurgen, Jurgen",
    "さくら, sakura, sakura",
    "Анна, anna, Anna",
    "O'Neill, oneill, ONeill",
    "supercalifragilistic, supercali, supercalifragili",
    "老师-1号, laoshi, lao_shi_1hao",
  })
  void namesStayRecognisable(String name, String cosyVoice, String qwen) {
    assertEquals(cosyVoice, Prefix.of(Provider.COSYVOICE, name));
    assertEquals(qwen, Prefix.of(Provider.QWEN, name));
  }

  @Property(tries = 200)
  boolean whatWeMakeSuitsTheVendorsOldestPagesToo(@ForAll String name) {
    return Prefix.of(Provider.COSYVOICE, name).matches("[a-z0-9]{1,9}");
  }

  @ParameterizedTest
  @CsvSource({
    "anna, true",
    "Anna, true",
    "ANNA012345, true",
    "anna0123456, false",
    "anna_1, false",
    "安娜, false",
    "'', false",
  })
  void callersMayGiveWhateverTheVendorTakes(String prefix, boolean legal) {
    assertEquals(legal, Prefix.isLegal(Provider.COSYVOICE, prefix));
  }

  @ParameterizedTest
  @CsvSource({"😀🎉", "!!!", "_", "''"})
  void signsAloneStillGiveSomething(String name) {
    assertTrue(Prefix.of(Provider.COSYVOICE, name).matches("v[0-9a-f]{8}"));
  }
}
