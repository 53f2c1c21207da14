package io.vitrine.anatomy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.anatomy.MessageQuestion.Framing;
import io.vitrine.inspect.AnatomyField;
import io.vitrine.inspect.AnatomyField.Value;
import io.vitrine.inspect.BatchAnatomy;
import io.vitrine.inspect.Problem;
import io.vitrine.inspect.RecordKind;
import io.vitrine.inspect.SampleBatches;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.Struct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MessageAnatomyTests {
    private static final MessageApi FETCH = new MessageApi(ApiKeys.FETCH, (short) 13);

    /// ApiVersions version 4 as a Java client sends it.
    private static final String API_VERSIONS = "00000029 0012 0004 00000001 000a 70726f64756365722d31 00"
            + " 0d 6170616368652d6b61666b61 06 342e342e30 00";

    static Stream<MessageApi> apis() {
        return SampleMessages.apis();
    }

    @ParameterizedTest
    @EnumSource
    void theFieldsOfEveryMessageFollowOneAnotherToItsEnd(ApiKeys key) {
        for (var api : apis().filter(it -> it.key() == key).toList()) {
            for (long seed = 0; seed < 3; seed++) {
                var request = new SampleMessages(seed).request(api);
                var response = new SampleMessages(seed).response(api);

                requireWhole(request, ask(request, MessageKind.REQUEST, null), api + ", request of seed " + seed);
                requireWhole(response, ask(response, MessageKind.RESPONSE, api), api + ", response of seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyValueIsTheOneThatKafkaReads(ApiKeys key) {
        for (var api : apis().filter(it -> it.key() == key).toList()) {
            var response = new SampleMessages(1).response(api);

            var values = values(ask(response, MessageKind.RESPONSE, api));

            var bytes = response.duplicate();
            api.responseHeader().read(bytes);
            var expected = new LinkedHashMap<String, Object>();
            flatten(api.responseBody().read(bytes), "", expected);
            assertThat(values).as(api.toString()).containsAllEntriesOf(expected);
        }
    }

    @Test
    void aRequestIsExplainedWithItsFrameAndItsHeader() {
        var bytes = hex(API_VERSIONS);

        var anatomy = ask(bytes, null, null);

        assertThat(anatomy.kind()).isEqualTo(MessageKind.REQUEST);
        assertThat(anatomy.framed()).isTrue();
        assertThat(anatomy.api()).isEqualTo(new MessageApi(ApiKeys.API_VERSIONS, (short) 4));
        assertThat(anatomy.problem()).isNull();
        assertThat(anatomy.fields())
                .extracting(AnatomyField::name)
                .containsExactly(
                        "frameLength",
                        "header.requestApiKey",
                        "header.requestApiVersion",
                        "header.correlationId",
                        "header.clientIdLength",
                        "header.clientId",
                        "header.taggedFieldCount",
                        "clientSoftwareNameLength",
                        "clientSoftwareName",
                        "clientSoftwareVersionLength",
                        "clientSoftwareVersion",
                        "taggedFieldCount");
        assertThat(anatomy.fields().get(1))
                .isEqualTo(new AnatomyField(
                        "header.requestApiKey",
                        4,
                        2,
                        "00 12",
                        false,
                        new Value.Numeric(18),
                        "ApiVersions: The API key of this request."));
        assertThat(anatomy.fields().get(9).value()).isEqualTo(new Value.Numeric(5));
        assertThat(anatomy.fields().get(9).meaning()).isEqualTo("bytes that follow, stored as 6");
    }

    @Test
    void theBatchesInAMessageAreTakenApartWhereTheyLie() {
        var response = withRecords();

        var anatomy = ask(response, MessageKind.RESPONSE, FETCH);

        assertThat(anatomy.batches()).isNotEmpty().allSatisfy(batch -> {
            var records = anatomy.fields().stream()
                    .filter(field -> field.name().equals(batch.field()))
                    .findFirst()
                    .orElseThrow();
            assertThat(batch.field()).endsWith(".records");
            assertThat((long) batch.position()).isEqualTo(records.position());
            assertThat(batch.sizeInBytes()).isEqualTo(records.length());
            assertThat(batch.anatomy()).isNotNull().satisfies(it -> {
                assertThat(it.problem()).isNull();
                assertThat(it.records()).hasSize(2);
            });
        });
    }

    @ParameterizedTest
    @CsvSource({"REQUEST, 0", "REQUEST, 3", "RESPONSE, 1", "RESPONSE, 2"})
    void aMessageThatIsCutOffSaysSoWhereverItIs(MessageKind kind, long seed) {
        for (var key : List.of(ApiKeys.PRODUCE, ApiKeys.FETCH, ApiKeys.METADATA, ApiKeys.JOIN_GROUP)) {
            var api = new MessageApi(key, key.latestVersion());
            var samples = new SampleMessages(seed);
            var whole = kind == MessageKind.REQUEST ? samples.request(api) : samples.response(api);
            for (int length = 0; length < whole.limit(); length++) {
                var cut = whole.slice(0, length);

                var anatomy = ask(cut, kind, kind == MessageKind.REQUEST ? null : api);

                assertThat(anatomy.problem()).as("%s cut at %d", api, length).isNotNull();
                requirePlaced(cut, anatomy);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PRODUCE", "FETCH", "METADATA", "SYNC_GROUP", "CONSUMER_GROUP_HEARTBEAT", "CREATE_TOPICS"})
    void whateverIsWrongIsSaidWithAPlace(ApiKeys key) {
        var random = new Random(key.id);
        var api = new MessageApi(key, key.latestVersion());
        for (int round = 0; round < 500; round++) {
            var request = new SampleMessages(round % 10).request(api);
            var response = new SampleMessages(round % 10).response(api);
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                request.put(random.nextInt(request.limit()), (byte) random.nextInt());
                response.put(random.nextInt(response.limit()), (byte) random.nextInt());
            }

            requirePlaced(request, ask(request, null, null));
            requirePlaced(response, ask(response, MessageKind.RESPONSE, api));
        }
    }

    @Test
    void randomBytesAreSomethingOrNothing() {
        var random = new Random(20);
        for (int round = 0; round < 2_000; round++) {
            var bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            for (var kind : MessageKind.values()) {
                var anatomy = ask(ByteBuffer.wrap(bytes), kind, kind == MessageKind.RESPONSE ? FETCH : null);

                requirePlaced(ByteBuffer.wrap(bytes), anatomy);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                         | 0  | a request begins with its API key and its version, 4 bytes; 0 are there",
                "0012                                     | 2  | a request begins with its API key and its version, 4 bytes; 2 are there",
                "03e7 0000 00000001                       | 0  | Kafka has no API 999",
                "0001 0063 00000001                       | 2  | Fetch has versions 4 to 18, not 99",
                "0000 0002 00000001                       | 2  | Produce has versions 3 to 13, not 2",
                "0012 0000 00000001 ffff 00               | 10 | the request ends here, and 1 bytes follow",
                "0012 0000 00000001 0005 61               | 8  | header.clientIdLength is 5, and 1 bytes follow",
                "0012 0000 00000001 fffe                  | 8  | header.clientIdLength is -2, and 0 bytes follow",
                "0013 0005 00000001 ffff 00 ffffffff0f    | 11 | topicsCount is 4294967294, and 0 bytes follow",
                "0013 0005 00000001 ffff 00 ffffffffff01  | 11 | topicsCount: a variable-length integer has more than 5 bytes",
                "0013 0005 00000001 ffff 00 ffffffff1f    | 11 | topicsCount: 8589934591 has more than 32 bits",
                "0013 0005 00000001 ffff 00 00            | 11 | topics is null, which it must not be",
                "0012 0003 00000001 ffff 05 0101          | 10 | 5 tagged fields, and 2 bytes follow",
                "0000000b 0012 0000 00000001 ffff         | 14 | the frame ends at byte 15, the bytes end here",
                "00000005 0012 0000 00000001 ffff         | 9  | the frame ends here, the request at byte 14",
                "0000000a 0012 0000 00000001 ffff 00      | 14 | the frame ends here, and 1 bytes follow",
                "ffffffff 0012 0000 00000001 ffff         | 0  | a frame length of -1"
            })
    void aProblemIsExact(@Nullable String text, int position, String reason) {
        var bytes = hex(text == null ? "" : text);
        boolean framed = text != null && text.indexOf(' ') == 8;

        var anatomy = MessageAnatomy.of(bytes, question(MessageKind.REQUEST, null, framed));

        assertThat(anatomy.problem()).isEqualTo(new Problem(position, reason));
    }

    @Test
    void manyBatchesMayUnpackToNoMoreThanAFew() {
        var bomb = SampleBatches.bomb();
        var bombs = ByteBuffer.allocate(20 * bomb.limit());
        for (int i = 0; i < 20; i++) {
            bombs.put(bomb.duplicate());
        }

        var anatomy = ask(bombs.flip(), MessageKind.BATCH, null);

        assertThat(anatomy.batches())
                .hasSize(20)
                .extracting(batch -> reason(batch.anatomy()))
                .startsWith("the records unpack to more than the 16777216 bytes allowed")
                .endsWith("the records unpack to more than the 0 bytes allowed");
    }

    private static String reason(@Nullable BatchAnatomy anatomy) {
        var problem = anatomy == null ? null : anatomy.problem();
        return problem == null ? "" : problem.reason();
    }

    @Test
    void whatIsNotAskedForIsNotKept() {
        // DescribeGroups version 0 with half a million names that are empty.
        var request = ByteBuffer.allocate(1_000_014);
        request.put(hex("000f 0000 00000001 ffff 0007a120")).rewind();

        var anatomy = MessageAnatomy.of(
                request,
                new MessageQuestion(MessageKind.REQUEST, Framing.BARE, null, RecordKind.PLAIN, 100, 10, 10, 16));

        assertThat(anatomy.problem()).isNull();
        assertThat(anatomy.fields()).hasSize(10);
        assertThat(anatomy.fields().getFirst().name()).isEqualTo("groups[47]");
        assertThat(anatomy.nextField()).isEqualTo(110);
    }

    private static ByteBuffer withRecords() {
        for (long seed = 0; ; seed++) {
            var response = new SampleMessages(seed).response(FETCH);
            if (!ask(response, MessageKind.RESPONSE, FETCH).batches().isEmpty()) {
                return response;
            }
        }
    }

    private static void requireWhole(ByteBuffer bytes, MessageAnatomy anatomy, String name) {
        assertThat(anatomy.problem()).as(name).isNull();
        assertThat(requirePlaced(bytes, anatomy)).as(name).isEqualTo(bytes.limit());
    }

    /// @return where the last field ends
    private static long requirePlaced(ByteBuffer bytes, MessageAnatomy anatomy) {
        long end = 0;
        for (var field : anatomy.fields()) {
            var shown = HexFormat.ofDelimiter(" ").parseHex(field.hex());
            if (field.position() != end || !ByteBuffer.wrap(shown).equals(bytes.slice((int) end, shown.length))) {
                throw new AssertionError("%s does not begin at byte %d".formatted(field, end));
            }
            end += field.length();
        }
        var problem = anatomy.problem();
        if (problem != null) {
            assertThat(problem.position()).isBetween(0L, (long) bytes.limit());
            assertThat(problem.reason()).isNotBlank();
        }
        for (var batch : anatomy.batches()) {
            assertThat(batch.position() + batch.sizeInBytes()).isLessThanOrEqualTo(bytes.limit());
            assertThat(batch.anatomy() == null).isEqualTo(batch.problem() != null);
        }
        return end;
    }

    private static MessageAnatomy ask(ByteBuffer bytes, @Nullable MessageKind kind, @Nullable MessageApi api) {
        return MessageAnatomy.of(
                bytes,
                new MessageQuestion(
                        kind, Framing.AUTO, api, RecordKind.PLAIN, 0, Integer.MAX_VALUE, 100, Integer.MAX_VALUE));
    }

    private static MessageQuestion question(MessageKind kind, @Nullable MessageApi api, boolean framed) {
        return new MessageQuestion(
                kind, framed ? Framing.FRAMED : Framing.BARE, api, RecordKind.PLAIN, 0, 1000, 100, 256);
    }

    private static Map<String, Object> values(MessageAnatomy anatomy) {
        return anatomy.fields().stream()
                .filter(field -> field.value() != null)
                .collect(Collectors.toMap(
                        AnatomyField::name, field -> plain(field.value()), (first, _) -> first, LinkedHashMap::new));
    }

    private static Object plain(@Nullable Value value) {
        return switch (value) {
            case Value.Numeric(long number) -> number;
            case Value.Text(String text) -> text;
            case Value.Json(String json) -> json;
            case null -> "";
        };
    }

    /// The numbers, strings and ids in what Kafka has read, under the names that we give them.
    private static void flatten(Struct struct, String prefix, Map<String, Object> into) {
        for (var bound : struct.schema().fields()) {
            var name = prefix + ValueReader.camelCase(bound.def.name);
            flatten(struct.get(bound), name, into);
        }
    }

    private static void flatten(@Nullable Object value, String name, Map<String, Object> into) {
        switch (value) {
            case Struct inner -> flatten(inner, name + ".", into);
            case Object[] elements -> {
                for (int i = 0; i < elements.length; i++) {
                    flatten(elements[i], name + "[" + i + "]", into);
                }
            }
            case Byte number -> into.put(name, number.longValue());
            case Short number -> into.put(name, number.longValue());
            case Integer number -> into.put(name, number.longValue());
            case Long number -> into.put(name, number);
            case String text -> into.put(name, text);
            case Uuid id -> into.put(name, id.toString());
            case Boolean is -> into.put(name, is.toString());
            case Double number -> into.put(name, number.toString());
            case null, default -> {
                // Tagged fields, records and bytes have tests of their own.
            }
        }
    }

    private static ByteBuffer hex(String text) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(text.replace(" ", "")));
    }
}
