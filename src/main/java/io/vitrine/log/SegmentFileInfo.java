package io.vitrine.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One of the files of a segment, and how long it is at this moment.
public record SegmentFileInfo(String name, long sizeInBytes) {
    private static final List<String> SUFFIXES = List.of(".log", ".index", ".timeindex", ".txnindex", ".snapshot");

    /// The files in `directory` that belong to the segment with this base offset. Nothing is opened, so none is made.
    public static List<SegmentFileInfo> list(Path directory, long baseOffset) throws IOException {
        var files = new ArrayList<SegmentFileInfo>();
        for (var suffix : SUFFIXES) {
            var path = directory.resolve("%020d%s".formatted(baseOffset, suffix));
            try {
                files.add(new SegmentFileInfo(path.getFileName().toString(), Files.size(path)));
            } catch (NoSuchFileException _) {
                // Not every segment has every file.
            }
        }
        return List.copyOf(files);
    }
}
