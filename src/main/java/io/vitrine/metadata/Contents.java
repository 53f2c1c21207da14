package io.vitrine.metadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.image.writer.ImageWriterOptions;
import org.apache.kafka.image.writer.RecordListWriter;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.MetadataVersion;

/// All topics and all dynamic configs of one moment, as one batch of Kafka's own records: what a file of it holds can
/// be looked at with the tools for the metadata log.
public final class Contents {
    private static final int NO_EPOCH = 0;

    private final MetadataImage image;

    private Contents(MetadataImage image) {
        this.image = image;
    }

    static Contents of(MetadataImage image) {
        return new Contents(image);
    }

    /// Reads what [#toBytes] has made.
    ///
    /// @throws MetadataException if the file is damaged
    public static Contents read(Path file) throws IOException, MetadataException {
        var replay = new MetadataReplay(MetadataImage.EMPTY);
        try (var scanner = BatchScanner.open(file)) {
            while (scanner.advance()) {
                MetadataBatchRecords.forEach(
                        scanner.batch(), file, scanner.position(), (_, value, place) -> replay.replay(value, place));
            }
            if (scanner.tornBytes() > 0) {
                throw new MetadataException(file, scanner.position(), "the file ends too early");
            }
        }
        return new Contents(replay.finish(MetadataProvenance.EMPTY));
    }

    /// The topics.
    public List<Topic> topics() {
        return image.topics().topicsById().values().stream()
                .map(topic -> TopicViews.view(topic, image))
                .toList();
    }

    /// A file of them.
    public ByteBuffer toBytes() {
        var version = image.features().metadataVersion().orElseGet(MetadataVersion::latestProduction);
        return MetadataRecords.batch(0, NO_EPOCH, System.currentTimeMillis(), records(version));
    }

    /// The records that make them, in the versions that `version` allows.
    List<ApiMessageAndVersion> records(MetadataVersion version) {
        var writer = new RecordListWriter();
        image.topics().write(writer, new ImageWriterOptions.Builder(version).build());
        image.configs().write(writer);
        return List.copyOf(writer.records());
    }

    MetadataImage image() {
        return image;
    }
}
