package io.vitrine.metadata;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Properties;
import org.apache.kafka.common.DirectoryId;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// The file that says to which cluster and node a log directory belongs. As Apache Kafka writes it:
/// ```
/// #
/// #Fri Nov 20 18:56:09 UTC 2026
/// cluster.id=AAAAAAAAAAAAAAAAAAAAAQ
/// directory.id=45VldQYjSDSGHro7XClCMw
/// node.id=1
/// version=1
/// ```
///
/// @param directoryId missing in directories from before Kafka 3.7
record MetaProperties(
        String clusterId, int nodeId, @Nullable Uuid directoryId) {
    static final String FILE_NAME = "meta.properties";

    private static final String VERSION = "1";
    private static final int MAX_SIZE_IN_BYTES = 64 * 1024;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss zzz yyyy", Locale.ROOT);

    static MetaProperties read(Path file) throws IOException, MetadataException {
        if (Files.size(file) > MAX_SIZE_IN_BYTES) {
            throw new MetadataException(file, "%d bytes are too many for this file".formatted(Files.size(file)));
        }
        var properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(file, StandardCharsets.ISO_8859_1)));
        } catch (IllegalArgumentException e) {
            throw new MetadataException(file, "not a properties file: " + e.getMessage());
        }
        var version = require(file, properties, "version");
        if (!version.equals(VERSION)) {
            throw new MetadataException(file, "version %s is not supported, only %s is".formatted(version, VERSION));
        }
        return new MetaProperties(
                require(file, properties, "cluster.id"),
                parseNodeId(file, require(file, properties, "node.id")),
                parseDirectoryId(file, properties.getProperty("directory.id")));
    }

    void write(Path file, Instant now) throws IOException {
        AtomicFile.write(file, """
                #
                #%s
                cluster.id=%s
                directory.id=%s
                node.id=%d
                version=%s
                """.formatted(
                        DATE.format(now.atZone(ZoneId.of("UTC"))), clusterId, directoryId, nodeId, VERSION));
    }

    private static String require(Path file, Properties properties, String name) throws MetadataException {
        @Nullable String value = properties.getProperty(name);
        if (value == null || value.isBlank()) {
            throw new MetadataException(file, "'%s' is missing".formatted(name));
        }
        return value.trim();
    }

    private static int parseNodeId(Path file, String text) throws MetadataException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new MetadataException(file, "node.id '%s' is not a number".formatted(text));
        }
    }

    // Tools other than Kafka's write the ordinary base64 alphabet, with padding.
    private static @Nullable Uuid parseDirectoryId(Path file, @Nullable String text) throws MetadataException {
        if (text == null) {
            return null;
        }
        try {
            var id = Uuid.fromString(text.trim().replace('+', '-').replace('/', '_'));
            if (DirectoryId.reserved(id)) {
                throw new MetadataException(file, "directory.id '%s' is reserved".formatted(text));
            }
            return id;
        } catch (IllegalArgumentException e) {
            throw new MetadataException(file, "directory.id '%s' is not a base64 UUID".formatted(text));
        }
    }
}
