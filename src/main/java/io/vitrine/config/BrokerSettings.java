package io.vitrine.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The settings of one broker, checked. Kafka's names, units and defaults, except where the defaults are ours: data
/// in `./data`, and acknowledgement of `acks=all` after an fsync.
///
/// @param nodeId `node.id`
/// @param log where the logs are
/// @param storage how they are kept
/// @param topics what a topic gets that says nothing itself
/// @param groups what is set of groups, by Kafka's names; Kafka's own definitions say what may be
/// @param transactions what is set of transactions, likewise
/// @param network listeners and their limits
/// @param http where the REST surface listens
/// @param originals all that the file sets, as it stands there
/// @param notes what a person should know about the file: names that are unknown, or not honoured
public record BrokerSettings(
        int nodeId,
        Log log,
        StorageSettings storage,
        Topics topics,
        Map<String, String> groups,
        Map<String, String> transactions,
        Network network,
        Http http,
        Map<String, String> originals,
        List<String> notes) {
    static final int DEFAULT_MAX_RESPONSE_BYTES = 16 * 1024 * 1024;
    static final String DEFAULT_HTTP_HOST = "127.0.0.1";
    static final int DEFAULT_HTTP_PORT = 8080;

    /// The values of settings that the file leaves out, where they are other than Kafka's.
    public Map<String, String> ownDefaults() {
        return Map.ofEntries(
                Map.entry("node.id", "1"),
                Map.entry("broker.id", "1"),
                Map.entry("process.roles", "broker,controller"),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("log.dir", "data"),
                Map.entry("queued.max.request.bytes", String.valueOf(network.requestMemoryBytes())),
                Map.entry("fetch.max.bytes", String.valueOf(DEFAULT_MAX_RESPONSE_BYTES)),
                Map.entry("vitrine.acks.all.fsync", "true"),
                Map.entry("vitrine.test-controls", "false"),
                Map.entry("vitrine.http.host", DEFAULT_HTTP_HOST),
                Map.entry("vitrine.http.port", String.valueOf(DEFAULT_HTTP_PORT)));
    }

    /// Where logs are kept, and when what is in them counts as safe.
    ///
    /// @param dirs `log.dirs`
    /// @param metadataDir `metadata.log.dir`
    /// @param metadata how the metadata log is kept
    /// @param fsyncForAcksAll `vitrine.acks.all.fsync`
    public record Log(List<Path> dirs, Path metadataDir, MetadataLog metadata, boolean fsyncForAcksAll) {}

    /// How the metadata log is kept. A negative number means that there is no limit.
    ///
    /// @param bytesBetweenCheckpoints `metadata.log.max.record.bytes.between.snapshots`
    /// @param checkpointIntervalMs `metadata.log.max.snapshot.interval.ms`; 0 for no limit
    /// @param segmentBytes `metadata.log.segment.bytes`
    /// @param segmentMs `metadata.log.segment.ms`
    /// @param retentionBytes `metadata.max.retention.bytes`
    /// @param retentionMs `metadata.max.retention.ms`
    public record MetadataLog(
            long bytesBetweenCheckpoints,
            long checkpointIntervalMs,
            int segmentBytes,
            long segmentMs,
            long retentionBytes,
            long retentionMs) {}

    /// Defaults for topics.
    ///
    /// @param autoCreate `auto.create.topics.enable`
    /// @param partitions `num.partitions`
    /// @param deletable `delete.topic.enable`
    /// @param maxMessageBytes `message.max.bytes`
    /// @param logAppendTime `log.message.timestamp.type` is `LogAppendTime`
    /// @param timestampBeforeMaxMs `log.message.timestamp.before.max.ms`
    /// @param timestampAfterMaxMs `log.message.timestamp.after.max.ms`
    public record Topics(
            boolean autoCreate,
            int partitions,
            boolean deletable,
            int maxMessageBytes,
            boolean logAppendTime,
            long timestampBeforeMaxMs,
            long timestampAfterMaxMs,
            Compression compression) {}

    /// How batches are compressed on disk.
    ///
    /// @param type `compression.type`
    /// @param gzipLevel `compression.gzip.level`
    /// @param lz4Level `compression.lz4.level`
    /// @param zstdLevel `compression.zstd.level`
    public record Compression(String type, int gzipLevel, int lz4Level, int zstdLevel) {}

    /// The Kafka port.
    ///
    /// @param listeners `listeners`, without those of the controller
    /// @param advertised `advertised.listeners`; none for a listener that advertises the address clients came to
    /// @param maxRequestBytes `socket.request.max.bytes`
    /// @param sendBufferBytes `socket.send.buffer.bytes`; -1 leaves it to the system
    /// @param requestMemoryBytes `queued.max.request.bytes`
    /// @param maxResponseBytes `fetch.max.bytes`
    /// @param fetchSessionSlots `max.incremental.fetch.session.cache.slots`
    /// @param maxConnections `max.connections`
    /// @param maxIdleMs `connections.max.idle.ms`
    public record Network(
            List<ListenerAddress> listeners,
            List<ListenerAddress> advertised,
            int maxRequestBytes,
            int sendBufferBytes,
            long requestMemoryBytes,
            int maxResponseBytes,
            int fetchSessionSlots,
            int maxConnections,
            long maxIdleMs) {}

    /// The web port.
    ///
    /// @param host `vitrine.http.host`
    /// @param port `vitrine.http.port`
    /// @param testControls `vitrine.test-controls`
    public record Http(String host, int port, boolean testControls) {}
}
