package io.vitrine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.record.MalformedRecordException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.apache.kafka.common.metadata.ConfigRecord;
import org.apache.kafka.common.metadata.DelegationTokenRecord;
import org.apache.kafka.common.metadata.UserScramCredentialRecord;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataRecordDecoderTests {
    private final MetadataRecordDecoder decoder = new MetadataRecordDecoder();

    @Test
    void namesTheRecordAndListsItsFields() throws Exception {
        var value = ByteBuffer.wrap(LogBytes.feature("metadata.version", 20));

        var decoded = decoder.decode(value);

        assertThat(decoded)
                .isEqualTo(new DecodedMetadataRecord(
                        "FeatureLevelRecord",
                        (short) 12,
                        (short) 0,
                        "{\"name\":\"metadata.version\",\"featureLevel\":20}"));
        assertThat(value.position()).isZero();
    }

    @Test
    void nobodyCanLogInWithWhatItSays() throws Exception {
        var credential = new UserScramCredentialRecord()
                .setName("alice")
                .setMechanism((byte) 1)
                .setSalt(new byte[] {1})
                .setStoredKey(new byte[] {2})
                .setServerKey(new byte[] {3})
                .setIterations(4096);
        var password = new ConfigRecord()
                .setResourceType((byte) 4)
                .setResourceName("1")
                .setName("ssl.key.password")
                .setValue("open sesame");
        var token = new DelegationTokenRecord().setOwner("User:bob").setTokenId("a-token");

        assertThat(decode(credential)).contains("alice", "4096", "\"storedKey\":\"(hidden)\"", "(hidden)\"");
        assertThat(decode(credential)).doesNotContain("AQ==", "Ag==", "Aw==");
        assertThat(decode(password)).contains("ssl.key.password").doesNotContain("sesame");
        assertThat(decode(token)).contains("User:bob").doesNotContain("a-token");
    }

    private String decode(ApiMessage message) throws Exception {
        return decoder.decode(ByteBuffer.wrap(LogBytes.record(message, 0))).json();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "01", "000c00", "020c00", "01630000", "010c00", "010c0011", "010c630161001400"})
    void bytesThatAreNoRecordAreRefusedWithAReason(String hex) {
        var value = ByteBuffer.wrap(HexFormat.of().parseHex(hex));

        assertThatThrownBy(() -> decoder.decode(value))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageStartingWith("Not a metadata record: ");
    }

    @Test
    void controlRecordsHaveANameEvenWhenNobodyKnowsThem() throws Exception {
        var unknown = ByteBuffer.wrap(new byte[] {0, 0, 0, 99});

        assertThat(decoder.decodeControl(unknown, ByteBuffer.allocate(0)).type())
                .isEqualTo("Unknown");
        assertThatThrownBy(() -> decoder.decodeControl(ByteBuffer.allocate(3), ByteBuffer.allocate(0)))
                .isInstanceOf(MalformedRecordException.class);
        assertThatThrownBy(
                        () -> decoder.decodeControl(ByteBuffer.wrap(new byte[] {0, 0, 0, 2}), ByteBuffer.allocate(0)))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("LeaderChange");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void randomBytesNeverThrowAnythingElse(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            var bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            if (bytes.length > 3) {
                bytes[0] = 1;
                bytes[1] = (byte) random.nextInt(30);
                bytes[2] = (byte) random.nextInt(5);
            }
            try {
                assertThat(decoder.decode(ByteBuffer.wrap(bytes)).json()).isNotEmpty();
            } catch (MalformedRecordException e) {
                assertThat(e).hasMessageStartingWith("Not a metadata record");
            }
        }
    }
}
