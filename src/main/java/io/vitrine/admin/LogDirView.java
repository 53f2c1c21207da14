package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.inspect.LogDirContents;
import io.vitrine.inspect.LogDirContents.Entry;
import io.vitrine.log.LogDirectory;
import io.vitrine.log.OffsetCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One log directory, the room on its disk, and what lies in it.
///
/// @param partitions by name; those that are hosted have a size
/// @param error why the rest can't be told; absent if it can
@JsonInclude(JsonInclude.Include.NON_NULL)
record LogDirView(
        String path,
        boolean writable,
        @Nullable Long totalBytes,
        @Nullable Long usableBytes,
        @Nullable List<EntryView> partitions,
        @Nullable String error) {

    static LogDirView of(LogDirectory directory, LogDirContents contents) {
        var path = directory.path().toAbsolutePath().normalize().toString();
        boolean writable = Files.isWritable(directory.path());
        try {
            return new LogDirView(
                    path,
                    writable,
                    directory.totalBytes(),
                    directory.usableBytes(),
                    contents.list(directory).stream().map(EntryView::of).toList(),
                    null);
        } catch (IOException e) {
            return new LogDirView(path, writable, null, null, null, String.valueOf(e.getMessage()));
        }
    }

    /// @param sizeBytes absent for a partition that is not hosted here
    /// @param checkpoints what the directory's checkpoint files say of it
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EntryView(
            String topic,
            int partition,
            @Nullable Long sizeBytes,
            MarksView checkpoints,
            @Nullable EntryLinks links) {
        static EntryView of(Entry entry) {
            return new EntryView(
                    entry.name().topic(),
                    entry.name().partition(),
                    entry.sizeInBytes(),
                    MarksView.of(entry),
                    entry.sizeInBytes() == null ? null : new EntryLinks(ApiPath.partition(entry.name())));
        }
    }

    /// @param cleaned up to where the log has been compacted
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MarksView(
            @Nullable Long recoveryPoint,
            @Nullable Long logStartOffset,
            @Nullable Long highWatermark,
            @Nullable Long cleaned) {
        static MarksView of(Entry entry) {
            return new MarksView(
                    entry.marks().get(OffsetCheckpoint.RECOVERY_POINT),
                    entry.marks().get(OffsetCheckpoint.LOG_START),
                    entry.marks().get(OffsetCheckpoint.HIGH_WATERMARK),
                    entry.marks().get(OffsetCheckpoint.CLEANER));
        }
    }

    record EntryLinks(String partition) {}
}
