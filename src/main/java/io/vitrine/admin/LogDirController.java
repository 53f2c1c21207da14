package io.vitrine.admin;

import io.vitrine.inspect.LogDirContents;
import io.vitrine.partition.PartitionLogService;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The log directories, the room on their disks, and the partitions in them.
@RestController
@RequestMapping(ApiPath.BASE + "/log-dirs")
class LogDirController {
    private final PartitionLogService partitions;
    private final LogDirContents contents;

    LogDirController(PartitionLogService partitions) {
        this.partitions = partitions;
        this.contents = new LogDirContents(partitions);
    }

    @GetMapping
    LogDirsView logDirs(@RequestParam Map<String, String> query) {
        new QueryParameters(query).requireSound();
        var removed = partitions.removed();
        return new LogDirsView(
                partitions.directories().stream()
                        .map(directory -> LogDirView.of(directory, contents))
                        .toList(),
                new RemovedView(
                        removed.count(),
                        removed.awaitingRemoval(),
                        removed.strays().stream()
                                .map(stray -> stray.toAbsolutePath().normalize().toString())
                                .toList()));
    }

    record LogDirsView(List<LogDirView> items, RemovedView removed) {}

    /// What became of partitions that are here no more.
    ///
    /// @param partitions of topics that were deleted since the start
    /// @param awaitingRemoval directories that will be removed before long
    /// @param strays directories that belong to no topic, and are kept
    record RemovedView(long partitions, int awaitingRemoval, List<String> strays) {}
}
