package io.vitrine.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Reads `server.properties`, a file of Apache Kafka's.
public final class SettingsFile {
    private static final String KNOWN_NAMES = "kafka-setting-names.txt";
    private static final int MIN_METADATA_SEGMENT_BYTES = 14;
    private static final long WEEK_MS = TimeUnit.DAYS.toMillis(7);
    private static final int DEFAULT_MAX_REQUEST_BYTES = 100 * 1024 * 1024;
    private static final Pattern GROUPS = Pattern.compile("group\\..+|offsets?\\..+|share\\.coordinator\\..+");
    private static final Pattern TRANSACTIONS =
            Pattern.compile("transaction\\.(max|abort|remove|state)\\..+|transactional\\.id\\.expiration\\.ms");
    private static final List<String> COMPRESSION_TYPES =
            List.of("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer");
    private static final long MAX_IDLE_MS = 100L * 365 * 24 * 60 * 60 * 1000;
    // As many as one batch of metadata records can make.
    private static final int MAX_PARTITIONS = 9_999;

    private final PropertiesReader reader;
    private final List<String> notes = new ArrayList<>();

    private SettingsFile(Properties properties) {
        this.reader = new PropertiesReader(properties);
    }

    /// The settings without a file: a broker of its own on port 9092.
    public static BrokerSettings defaults() throws SettingsException {
        return parse(new Properties());
    }

    /// Reads `file`.
    ///
    /// @throws SettingsException if a value can't be used
    /// @throws IOException if the file can't be read
    public static BrokerSettings read(Path file) throws IOException, SettingsException {
        var properties = new Properties();
        // In ISO 8859-1, as Java and Kafka read such files.
        try (var bytes = Files.newInputStream(file)) {
            properties.load(bytes);
        } catch (IllegalArgumentException e) {
            throw new SettingsException("%s is no properties file: %s".formatted(file, e.getMessage()));
        }
        return parse(properties);
    }

    /// Takes the settings out of `properties`.
    public static BrokerSettings parse(Properties properties) throws SettingsException {
        return new SettingsFile(properties).settings();
    }

    private BrokerSettings settings() throws SettingsException {
        checkRoles();
        int nodeId =
                reader.integer("node.id", reader.integer("broker.id", 1, 0, Integer.MAX_VALUE), 0, Integer.MAX_VALUE);
        var log = log();
        var storage = new StorageReader(reader).settings();
        var topics = topics();
        var groups = reader.all(name -> GROUPS.matcher(name).matches());
        var transactions = reader.all(name -> TRANSACTIONS.matcher(name).matches());
        var network = network();
        var http = new BrokerSettings.Http(
                reader.text("vitrine.http.host", BrokerSettings.DEFAULT_HTTP_HOST),
                reader.integer("vitrine.http.port", BrokerSettings.DEFAULT_HTTP_PORT, 0, 65_535),
                reader.flag("vitrine.test-controls", false));
        noteLeftOver();
        return new BrokerSettings(
                nodeId,
                log,
                storage,
                topics,
                groups,
                transactions,
                network,
                http,
                reader.all(_ -> true),
                List.copyOf(notes));
    }

    /// A quorum of several can't be joined; that this one node is a broker and its own controller is what we are.
    private void checkRoles() throws SettingsException {
        var roles = reader.words("process.roles", "broker,controller");
        if (!roles.contains("broker")) {
            throw new SettingsException("process.roles", String.join(",", roles), "expected broker among them");
        }
        var voters = reader.words("controller.quorum.voters", "");
        if (voters.size() > 1) {
            throw new SettingsException(
                    "controller.quorum.voters", String.join(",", voters), "a quorum of several nodes can't be joined");
        }
        reader.text("controller.quorum.bootstrap.servers", "");
    }

    private BrokerSettings.Log log() throws SettingsException {
        var dirs = reader.words("log.dirs", reader.text("log.dir", "data"));
        if (dirs.isEmpty()) {
            throw new SettingsException("log.dirs", "", "expected at least one directory");
        }
        var paths = dirs.stream().map(Path::of).toList();
        var metadataDir = reader.text("metadata.log.dir", dirs.getFirst());
        return new BrokerSettings.Log(
                paths, Path.of(metadataDir), metadataLog(), reader.flag("vitrine.acks.all.fsync", true));
    }

    private BrokerSettings.MetadataLog metadataLog() throws SettingsException {
        return new BrokerSettings.MetadataLog(
                reader.number("metadata.log.max.record.bytes.between.snapshots", 20 * 1024 * 1024, 1, Long.MAX_VALUE),
                reader.number("metadata.log.max.snapshot.interval.ms", TimeUnit.HOURS.toMillis(1), 0, Long.MAX_VALUE),
                reader.integer(
                        "metadata.log.segment.bytes",
                        1024 * 1024 * 1024,
                        MIN_METADATA_SEGMENT_BYTES,
                        Integer.MAX_VALUE),
                reader.number("metadata.log.segment.ms", WEEK_MS, 1, Long.MAX_VALUE),
                reader.number("metadata.max.retention.bytes", 100 * 1024 * 1024, Long.MIN_VALUE, Long.MAX_VALUE),
                reader.number("metadata.max.retention.ms", WEEK_MS, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    private BrokerSettings.Topics topics() throws SettingsException {
        var timestampType = reader.text("log.message.timestamp.type", "CreateTime");
        if (!timestampType.equals("CreateTime") && !timestampType.equals("LogAppendTime")) {
            throw new SettingsException(
                    "log.message.timestamp.type", timestampType, "expected CreateTime or LogAppendTime");
        }
        return new BrokerSettings.Topics(
                reader.flag("auto.create.topics.enable", true),
                reader.integer("num.partitions", 1, 1, MAX_PARTITIONS),
                reader.flag("delete.topic.enable", true),
                reader.integer("message.max.bytes", 1_048_588, 0, Integer.MAX_VALUE),
                timestampType.equals("LogAppendTime"),
                reader.number("log.message.timestamp.before.max.ms", Long.MAX_VALUE, 0, Long.MAX_VALUE),
                reader.number("log.message.timestamp.after.max.ms", 3_600_000, 0, Long.MAX_VALUE),
                compression());
    }

    private BrokerSettings.Compression compression() throws SettingsException {
        var type = reader.text("compression.type", "producer");
        if (!COMPRESSION_TYPES.contains(type)) {
            throw new SettingsException(
                    "compression.type", type, "expected one of " + String.join(", ", COMPRESSION_TYPES));
        }
        int gzipLevel = reader.integer("compression.gzip.level", -1, -1, 9);
        if (gzipLevel == 0) {
            throw new SettingsException("compression.gzip.level", "0", "expected -1, or an integer from 1 to 9");
        }
        return new BrokerSettings.Compression(
                type,
                gzipLevel,
                reader.integer("compression.lz4.level", 9, 1, 17),
                reader.integer("compression.zstd.level", 3, -131_072, 22));
    }

    private BrokerSettings.Network network() throws SettingsException {
        var controllers = reader.words("controller.listener.names", "CONTROLLER");
        var protocols = reader.pairs("listener.security.protocol.map", "");
        var listeners = new ArrayList<ListenerAddress>();
        for (var listener : addresses("listeners", "PLAINTEXT://:9092")) {
            if (!controllers.contains(listener.name())) {
                requirePlaintext(listener.name(), protocols.getOrDefault(listener.name(), listener.name()));
                listeners.add(listener);
            }
        }
        if (listeners.isEmpty()) {
            throw new SettingsException("listeners", reader.text("listeners", ""), "expected one for clients");
        }
        var advertised = new ArrayList<ListenerAddress>();
        for (var listener : addresses("advertised.listeners", "")) {
            if (!controllers.contains(listener.name())) {
                requireReachable(listener);
                advertised.add(listener);
            }
        }
        return new BrokerSettings.Network(
                listeners,
                advertised,
                reader.integer("socket.request.max.bytes", DEFAULT_MAX_REQUEST_BYTES, 1, Integer.MAX_VALUE),
                reader.integer("socket.send.buffer.bytes", 100 * 1024, -1, Integer.MAX_VALUE),
                requestMemory(),
                reader.integer("fetch.max.bytes", BrokerSettings.DEFAULT_MAX_RESPONSE_BYTES, 1024, Integer.MAX_VALUE),
                reader.integer("max.incremental.fetch.session.cache.slots", 1000, 0, Integer.MAX_VALUE),
                reader.integer("max.connections", Integer.MAX_VALUE, 1, Integer.MAX_VALUE),
                maxIdleMs());
    }

    /// -1 means for ever, which a hundred years are to a connection.
    private long maxIdleMs() throws SettingsException {
        long ms = reader.number("connections.max.idle.ms", 600_000, -1, Long.MAX_VALUE);
        return ms < 0 ? MAX_IDLE_MS : Math.min(ms, MAX_IDLE_MS);
    }

    /// Kafka's default, -1, means no limit; ours is half of what the JVM may hold outside its heap.
    private long requestMemory() throws SettingsException {
        long bytes = reader.number("queued.max.request.bytes", -1, -1, Long.MAX_VALUE);
        return bytes > 0 ? bytes : Runtime.getRuntime().maxMemory() / 2;
    }

    private List<ListenerAddress> addresses(String name, String fallback) throws SettingsException {
        var addresses = new ArrayList<ListenerAddress>();
        for (var word : reader.words(name, fallback)) {
            addresses.add(ListenerAddress.parse(name, word));
        }
        return addresses;
    }

    private static void requirePlaintext(String listener, String protocol) throws SettingsException {
        if (!protocol.toUpperCase(Locale.ROOT).equals("PLAINTEXT")) {
            throw new SettingsException(
                    "listeners", listener, "its protocol is %s; only PLAINTEXT is served".formatted(protocol));
        }
    }

    private static void requireReachable(ListenerAddress listener) throws SettingsException {
        if (listener.host().isEmpty()) {
            throw new SettingsException(
                    "advertised.listeners", listener.name(), "clients need a host name or an address to connect to");
        }
    }

    private void noteLeftOver() {
        var known = knownNames();
        var leftOver = reader.leftOver();
        var notHonoured = leftOver.stream().filter(known::contains).toList();
        // Those of groups and transactions are asked for by their beginnings, misspelled ones too.
        var unknown = new TreeSet<>(reader.all(name -> GROUPS.matcher(name).matches()
                        || TRANSACTIONS.matcher(name).matches())
                .keySet());
        unknown.addAll(leftOver);
        known.forEach(unknown::remove);
        if (!notHonoured.isEmpty()) {
            notes.add("Settings of Kafka's that are not honoured: " + String.join(", ", notHonoured));
        }
        if (!unknown.isEmpty()) {
            notes.add("Unknown settings: " + String.join(", ", unknown));
        }
    }

    /// The names of all broker settings of Apache Kafka 4.4.
    private static List<String> knownNames() {
        try (var text = SettingsFile.class.getResourceAsStream(KNOWN_NAMES)) {
            if (text == null) {
                throw new IllegalStateException(KNOWN_NAMES + " is missing from the jar");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(KNOWN_NAMES + " can't be read", e);
        }
    }
}
