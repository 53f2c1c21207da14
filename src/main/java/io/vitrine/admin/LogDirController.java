package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.log.LogDirectory;
import io.vitrine.partition.PartitionLogService;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The log directories and the room on their disks.
@RestController
@RequestMapping(ApiPath.BASE + "/log-dirs")
class LogDirController {
    private final PartitionLogService partitions;

    LogDirController(PartitionLogService partitions) {
        this.partitions = partitions;
    }

    @GetMapping
    LogDirsView logDirs(@RequestParam Map<String, String> query) {
        new QueryParameters(query).requireSound();
        return new LogDirsView(
                partitions.directories().stream().map(LogDirView::of).toList());
    }

    record LogDirsView(List<LogDirView> items) {}

    /// @param error why the sizes can't be told; absent if they can
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LogDirView(
            String path,
            boolean writable,
            @Nullable Long totalBytes,
            @Nullable Long usableBytes,
            @Nullable String error) {
        static LogDirView of(LogDirectory directory) {
            var path = directory.path().toAbsolutePath().normalize().toString();
            boolean writable = Files.isWritable(directory.path());
            try {
                return new LogDirView(path, writable, directory.totalBytes(), directory.usableBytes(), null);
            } catch (IOException e) {
                return new LogDirView(path, writable, null, null, String.valueOf(e.getMessage()));
            }
        }
    }
}
