package io.vitrine.inspect;

import io.vitrine.log.LogDirectory;
import io.vitrine.log.OffsetCheckpoint;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What lies in the log directories: a directory for each partition, those that nobody hosts any more among them, and
/// the checkpoints, which have a line for each.
public final class LogDirContents {
    private static final Pattern NAME = Pattern.compile("([a-zA-Z0-9._-]{1,249})-(\\d{1,9})");

    private final PartitionLogService partitions;

    public LogDirContents(PartitionLogService partitions) {
        this.partitions = partitions;
    }

    /// One partition's directory.
    ///
    /// @param sizeInBytes of its segments; null if it is not hosted here
    /// @param marks what the checkpoints say, where they say anything
    public record Entry(TopicPartition name, @Nullable Long sizeInBytes, Map<OffsetCheckpoint, Long> marks) {
        public Entry {
            marks = Map.copyOf(marks);
        }
    }

    /// The partitions in `directory`, by name.
    public List<Entry> list(LogDirectory directory) throws IOException {
        var checkpoints = new EnumMap<OffsetCheckpoint, Map<String, Long>>(OffsetCheckpoint.class);
        for (var checkpoint : OffsetCheckpoint.values()) {
            checkpoints.put(checkpoint, directory.read(checkpoint));
        }
        var entries = new ArrayList<Entry>();
        try (var paths = Files.newDirectoryStream(directory.path(), Files::isDirectory)) {
            for (var path : paths) {
                addTo(entries, path, checkpoints);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(Comparator.comparing((Entry entry) -> entry.name().topic())
                .thenComparingInt(entry -> entry.name().partition()));
        return entries;
    }

    private void addTo(List<Entry> entries, Path path, Map<OffsetCheckpoint, Map<String, Long>> checkpoints) {
        var directoryName = path.getFileName().toString();
        var matcher = NAME.matcher(directoryName);
        if (!matcher.matches()) {
            return;
        }
        var name = new TopicPartition(matcher.group(1), Integer.parseInt(matcher.group(2)));
        var marks = new EnumMap<OffsetCheckpoint, Long>(OffsetCheckpoint.class);
        checkpoints.forEach((checkpoint, offsets) -> {
            var offset = offsets.get(directoryName);
            if (offset != null) {
                marks.put(checkpoint, offset);
            }
        });
        var size = partitions.find(name).map(Partition::sizeInBytes).orElse(null);
        entries.add(new Entry(name, size, marks));
    }
}
