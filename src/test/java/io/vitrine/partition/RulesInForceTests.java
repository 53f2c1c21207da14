package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.definition.BrokerConfigLayers;
import io.vitrine.definition.DescribedConfig;
import io.vitrine.definition.TopicConfigs;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What is described as in force for a topic is what its partitions obey.
class RulesInForceTests {
    private static final TopicRules RULES = TopicRules.KAFKA_DEFAULTS;

    /// Kept and described, but without an effect here; docs/configs.md says why.
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "errors.deadletterqueue.group.enable",
            "follower.replication.throttled.replicas",
            "leader.replication.throttled.replicas",
            "local.retention.bytes",
            "local.retention.ms",
            "min.insync.replicas",
            "preallocate",
            "remote.copy.lag.bytes",
            "remote.copy.lag.ms",
            "remote.log.copy.disable",
            "remote.log.delete.on.disable",
            "remote.storage.enable",
            "unclean.leader.election.enable");

    /// A value of each config that is not its default.
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("cleanup.policy", "compact"),
            Map.entry("compression.gzip.level", "1"),
            Map.entry("compression.lz4.level", "17"),
            Map.entry("compression.type", "uncompressed"),
            Map.entry("compression.zstd.level", "-7"),
            Map.entry("delete.retention.ms", "1001"),
            Map.entry("file.delete.delay.ms", "1002"),
            Map.entry("flush.messages", "1003"),
            Map.entry("flush.ms", "1004"),
            Map.entry("index.interval.bytes", "1005"),
            Map.entry("max.compaction.lag.ms", "9006"),
            Map.entry("max.decompressed.message.bytes", "1007"),
            Map.entry("max.message.bytes", "1008"),
            Map.entry("message.timestamp.after.max.ms", "1009"),
            Map.entry("message.timestamp.before.max.ms", "1010"),
            Map.entry("message.timestamp.type", "LogAppendTime"),
            Map.entry("min.cleanable.dirty.ratio", "0.25"),
            Map.entry("min.compaction.lag.ms", "1011"),
            Map.entry("retention.bytes", "1012"),
            Map.entry("retention.ms", "1013"),
            Map.entry("segment.bytes", "1048577"),
            Map.entry("segment.index.bytes", "1014"),
            Map.entry("segment.jitter.ms", "1015"),
            Map.entry("segment.ms", "1016"));

    @Test
    void everyConfigIsObeyedOrListedAsWithoutEffect() {
        var described = described(Map.of()).keySet();

        var known = new HashMap<>(inForce(Map.of()));
        WITHOUT_EFFECT.forEach(name -> known.put(name, ""));

        assertThat(described).containsExactlyInAnyOrderElementsOf(known.keySet());
        assertThat(OTHERS.keySet()).isEqualTo(inForce(Map.of()).keySet());
    }

    @Test
    void theDefaultsThatAreDescribedAreInForce() {
        var described = described(Map.of());

        inForce(Map.of()).forEach((name, value) -> {
            // A batch is never unpacked further than to 100 MiB, whatever is set.
            if (!name.equals("max.decompressed.message.bytes")) {
                assertThat(value).as(name).isEqualTo(described.get(name));
            }
        });
    }

    @Test
    void aValueThatIsSetIsDescribedAndInForce() {
        var described = described(OTHERS);
        var inForce = inForce(OTHERS);

        OTHERS.forEach((name, value) -> {
            assertThat(described.get(name)).as(name).isEqualTo(value);
            assertThat(inForce.get(name)).as(name).isEqualTo(value);
        });
    }

    /// As a broker of another version may have left them in the metadata log.
    @Test
    void whatCantBeUsedIsNeitherDescribedNorInForce() {
        var unusable = new TreeMap<>(OTHERS);
        unusable.replaceAll((_, _) -> "-77.5x");

        assertThat(inForce(unusable)).isEqualTo(inForce(Map.of()));
        described(Map.of())
                .forEach((name, value) ->
                        assertThat(described(unusable).get(name)).as(name).isEqualTo(value));
    }

    private static Map<String, String> described(Map<String, String> own) {
        return TopicConfigs.describe(own, BrokerConfigLayers.NONE).stream()
                .collect(Collectors.toMap(DescribedConfig::name, config -> Objects.toString(config.value())));
    }

    private static Map<String, String> inForce(Map<String, String> own) {
        var batches = RULES.batchRules(own);
        var log = RULES.logSettings(own);
        Map<String, Object> values = new TreeMap<>();
        values.put("cleanup.policy", policy(own));
        values.put("compression.gzip.level", batches.compression().gzipLevel());
        values.put("compression.lz4.level", batches.compression().lz4Level());
        values.put("compression.type", batches.compression().type().kafkaName());
        values.put("compression.zstd.level", batches.compression().zstdLevel());
        values.put("delete.retention.ms", log.compaction().deleteRetentionMs());
        values.put("file.delete.delay.ms", log.retention().fileDeleteDelayMs());
        values.put("flush.messages", log.flush().messages());
        values.put("flush.ms", log.flush().ms());
        values.put("index.interval.bytes", log.segments().indexIntervalBytes());
        values.put("max.compaction.lag.ms", log.compaction().maxLagMs());
        values.put("max.decompressed.message.bytes", batches.maxUncompressedBytes());
        values.put("max.message.bytes", batches.maxBatchBytes());
        values.put("message.timestamp.after.max.ms", batches.timestampAfterMaxMs());
        values.put("message.timestamp.before.max.ms", batches.timestampBeforeMaxMs());
        values.put("message.timestamp.type", batches.logAppendTime() ? "LogAppendTime" : "CreateTime");
        values.put("min.cleanable.dirty.ratio", log.compaction().minDirtyRatio());
        values.put("min.compaction.lag.ms", log.compaction().minLagMs());
        values.put("retention.bytes", log.retention().bytes());
        values.put("retention.ms", log.retention().ms());
        values.put("segment.bytes", log.segments().bytes());
        values.put("segment.index.bytes", log.segments().indexBytes());
        values.put("segment.jitter.ms", log.segments().jitterMs());
        values.put("segment.ms", log.segments().ms());
        return values.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> text(entry.getValue())));
    }

    private static String policy(Map<String, String> own) {
        var log = RULES.logSettings(own);
        Function<Boolean, String> delete = held -> held ? "delete" : "";
        return log.compaction().compact()
                ? "compact"
                : delete.apply(log.retention().delete());
    }

    private static String text(Object value) {
        return String.valueOf(value);
    }
}
