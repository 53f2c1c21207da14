package io.vitrine.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.inspect.Payload.Json;
import io.vitrine.inspect.Payload.Omitted;
import io.vitrine.inspect.Payload.Text;
import io.vitrine.record.RecordBatch;
import io.vitrine.record.RecordInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTextTests {
    @Test
    void objectsAndArraysAreJsonOnOneLine() {
        assertThat(auto(" { \"id\" : 9007199254740993,\n \"price\": 1.10 }"))
                .isEqualTo(new Json("{\"id\":9007199254740993,\"price\":1.10}", 44));
        assertThat(auto("[1, 2]")).isEqualTo(new Json("[1,2]", 6));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "42", "true", "\"quoted\"", "{not json", "{}{}", "<script>alert(1)</script>", "žluťoučký"})
    void anythingElseThatCanBeReadIsTextAsItWasSent(String text) {
        assertThat(auto(text)).isEqualTo(utf8(text));
    }

    @Test
    void halfASurrogatePairIsTextBecauseNoDocumentCouldCarryIt() {
        assertThat(auto("{\"a\":\"\\ud800\"}")).isEqualTo(utf8("{\"a\":\"\\ud800\"}"));
    }

    @Test
    void jsonNestedWithoutEndIsText() {
        var nested = "[".repeat(100_000);

        assertThat(auto(nested)).isEqualTo(utf8(nested));
    }

    @Test
    void numbersInBinaryAreBase64EvenWhereTheyAreValidText() {
        var number = Excerpt.whole(new byte[] {0, 0, 0, 0, 0, 0, 0, 42});

        assertThat(PayloadText.of(number, PayloadFormat.AUTO))
                .isEqualTo(new Text(PayloadFormat.BASE64, "AAAAAAAAACo=", 8, false));
    }

    @ParameterizedTest
    @CsvSource({"json,42,42", "json,'\"x\"','\"x\"'", "json,null,null"})
    void aSingleValueIsJsonWhenAskedFor(String format, String text, String json) {
        var wanted = PayloadFormat.find(format).orElseThrow();

        assertThat(PayloadText.of(excerpt(text), wanted)).isEqualTo(new Json(json, text.length()));
    }

    @Test
    void whatCannotBeShownAsAskedSaysWhatItIsInstead() {
        var invalid = Excerpt.whole(new byte[] {(byte) 0xff, (byte) 0xfe});

        assertThat(PayloadText.of(invalid, PayloadFormat.UTF8))
                .isEqualTo(new Text(PayloadFormat.BASE64, "//4=", 2, false));
        assertThat(PayloadText.of(excerpt("no json"), PayloadFormat.JSON)).isEqualTo(utf8("no json"));
    }

    @Test
    void hexAndNothingAtAllAreToBeHad() {
        assertThat(PayloadText.of(excerpt("kiwi"), PayloadFormat.HEX))
                .isEqualTo(new Text(PayloadFormat.HEX, "6b697769", 4, false));
        assertThat(PayloadText.of(excerpt("kiwi"), PayloadFormat.NONE)).isEqualTo(new Omitted(4));
    }

    @Test
    void aCharacterCutInHalfIsLeftOut() throws Exception {
        var batch = RecordBatch.at(SampleBatches.ofRecords(0, 1, SampleBroker.bytes("aé")), 0);
        try (var input = RecordInput.of(batch, 100)) {
            var cut = Excerpt.read(input, 3, 2);

            assertThat(PayloadText.of(cut, PayloadFormat.AUTO)).isEqualTo(new Text(PayloadFormat.UTF8, "a", 3, true));
        }
    }

    private static Payload auto(String text) {
        return PayloadText.of(excerpt(text), PayloadFormat.AUTO);
    }

    private static Text utf8(String text) {
        return new Text(PayloadFormat.UTF8, text, SampleBroker.bytes(text).length, false);
    }

    private static Excerpt excerpt(String text) {
        return Excerpt.whole(SampleBroker.bytes(text));
    }
}
