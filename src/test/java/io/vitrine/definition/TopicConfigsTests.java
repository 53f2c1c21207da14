package io.vitrine.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a topic may set, and what is in force for it. The messages are what Apache Kafka 4.4.0 answered.
class TopicConfigsTests {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            nonsense | 1 | Unknown topic config name: nonsense
            ^^ | 2 | ^Unknown topic config name: ^
            message.format.version | 2.0 | Unknown topic config name: message.format.version
            retention.ms | soon | Invalid value soon for configuration retention.ms: Not a number of type LONG
            retention.ms | ^^ | Invalid value  for configuration retention.ms: Not a number of type LONG
            segment.bytes | 10 | Invalid value 10 for configuration segment.bytes: Value must be at least 1048576
            min.cleanable.dirty.ratio | 2 | Invalid value 2.0 for configuration min.cleanable.dirty.ratio: Value must be no more than 1
            cleanup.policy | shrink | Invalid value shrink for configuration cleanup.policy: String must be one of: compact, delete
            compression.type | rar | Invalid value rar for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer
            compression.type | none | Invalid value none for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer
            compression.gzip.level | 0 | Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1
            compression.lz4.level | 18 | Invalid value 18 for configuration compression.lz4.level: Value must be no more than 17
            compression.zstd.level | 23 | Invalid value 23 for configuration compression.zstd.level: Value must be no more than 22
            preallocate | maybe | Invalid value maybe for configuration preallocate: Expected value to be either true or false
            remote.storage.enable | true | Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.
            """)
    void whatKafkaRefusesIsRefusedInItsWords(String name, String value, String message) {
        assertThat(fault(Map.of(name, value))).contains(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "compact", "compact,delete", "compact, delete", ""})
    void anyMixtureOfPoliciesWillDo(String policy) {
        assertThat(fault(Map.of("cleanup.policy", policy))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"})
    void batchesCanBeStoredInAnyCodec(String type) {
        assertThat(fault(Map.of("compression.type", type))).isEmpty();
    }

    @Test
    void aValueMustBeThere() {
        var configs = Collections.<String, @Nullable String>singletonMap("retention.ms", null);

        assertThat(TopicConfigs.findFault(configs, Map.of(), BrokerConfigLayers.NONE))
                .contains("Null value not supported for topic configs: retention.ms");
    }

    @Test
    void configsMustFitEachOtherAndWhatTheBrokerHas() {
        var broker = BrokerConfigLayers.NONE.withFile(Map.of("log.cleaner.max.compaction.lag.ms", "5"), Map.of());
        var conflict = "conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (5)";

        assertThat(fault(Map.of("min.compaction.lag.ms", "10", "max.compaction.lag.ms", "5")))
                .contains(conflict);
        assertThat(TopicConfigs.findFault(Map.of("min.compaction.lag.ms", "10"), Map.of(), broker))
                .contains(conflict);
        assertThat(fault(Map.of("min.compaction.lag.ms", "10"))).isEmpty();
    }

    @Test
    void aTopicIsNotRefusedForTheSmallSegmentsOfItsBroker() {
        var broker = BrokerConfigLayers.NONE.withFile(Map.of("log.segment.bytes", "65536"), Map.of());

        assertThat(TopicConfigs.findFault(Map.of("retention.ms", "5"), Map.of(), broker))
                .isEmpty();
        assertThat(TopicConfigs.findFault(Map.of("segment.bytes", "65536"), Map.of(), broker))
                .isPresent();
    }

    @Test
    void everyConfigOfKafkasIsDescribed() {
        var described = TopicConfigs.describe(Map.of(), BrokerConfigLayers.NONE);

        assertThat(described)
                .extracting(DescribedConfig::name)
                .containsExactlyInAnyOrderElementsOf(LogConfig.nonInternalConfigNames());
        assertThat(described).allSatisfy(config -> {
            assertThat(config.origin()).isEqualTo(ConfigSource.DEFAULT_CONFIG);
            assertThat(config.value()).isEqualTo(config.definition().defaultValue());
            assertThat(config.definition().documentation()).isNotBlank();
        });
    }

    @Test
    void theFirstLayerThatSetsAConfigHolds() {
        var file = BrokerConfigLayers.NONE.withFile(Map.of("log.segment.bytes", "1000004"), Map.of());
        var allBrokers = file.withDynamic(Map.of(), Map.of("log.segment.bytes", "1000003"));
        var thisBroker =
                file.withDynamic(Map.of("log.segment.bytes", "1000002"), Map.of("log.segment.bytes", "1000003"));
        var own = Map.of("segment.bytes", "1048577");

        assertThat(segmentBytes(Map.of(), file)).isEqualTo("1000004 STATIC_BROKER_CONFIG");
        assertThat(segmentBytes(Map.of(), allBrokers)).isEqualTo("1000003 DYNAMIC_DEFAULT_BROKER_CONFIG");
        assertThat(segmentBytes(Map.of(), thisBroker)).isEqualTo("1000002 DYNAMIC_BROKER_CONFIG");
        assertThat(segmentBytes(own, thisBroker)).isEqualTo("1048577 DYNAMIC_TOPIC_CONFIG");
    }

    @ParameterizedTest
    @CsvSource({"log.retention.hours, 2, 7200000", "log.retention.minutes, 3, 180000", "log.retention.hours, -5, -1"})
    void hoursAndMinutesOfTheBrokerAreMillisecondsOfTheTopic(String name, String value, String expected) {
        var broker = BrokerConfigLayers.NONE.withFile(Map.of(name, value), Map.of());

        var retention = find(Map.of(), broker, "retention.ms");

        assertThat(retention.value()).isEqualTo(expected);
        assertThat(retention.origin()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG);
        assertThat(retention.source()).isEqualTo(ConfigSource.DEFAULT_CONFIG);
    }

    /// As one of another version may have left it behind.
    @Test
    void aValueThatCantBeUsedIsPassedOver() {
        var own = Map.of("retention.ms", "soon", "gone.in.this.version", "secret");

        var retention = find(own, BrokerConfigLayers.NONE, "retention.ms");
        var unknown = find(own, BrokerConfigLayers.NONE, "gone.in.this.version");

        assertThat(retention.value()).isEqualTo("604800000");
        assertThat(retention.origin()).isEqualTo(ConfigSource.DEFAULT_CONFIG);
        assertThat(unknown.value()).isNull();
        assertThat(unknown.definition().sensitive()).isTrue();
    }

    private static String segmentBytes(Map<String, String> own, BrokerConfigLayers broker) {
        var config = find(own, broker, "segment.bytes");
        return config.value() + " " + config.origin();
    }

    private static DescribedConfig find(Map<String, String> own, BrokerConfigLayers broker, String name) {
        return TopicConfigs.describe(own, broker).stream()
                .filter(config -> config.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<String> fault(Map<String, String> configs) {
        return TopicConfigs.findFault(configs, Map.of(), BrokerConfigLayers.NONE);
    }
}
