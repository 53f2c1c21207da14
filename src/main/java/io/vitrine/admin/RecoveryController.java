package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.log.RecoveryReport;
import io.vitrine.log.RecoveryReport.State;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.PartitionLogService;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// How the logs were opened, or how far that has come.
@RestController
@RequestMapping(ApiPath.BASE + "/recovery")
class RecoveryController {
    private final PartitionLogService partitions;

    RecoveryController(PartitionLogService partitions) {
        this.partitions = partitions;
    }

    @GetMapping
    RecoveryView recovery(@RequestParam Map<String, String> query) {
        new QueryParameters(query).requireSound();
        var reports = partitions.recoveries();
        return new RecoveryView(
                TotalsView.of(List.copyOf(reports.values())),
                reports.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey(Comparator.comparing(TopicPartition::topic)
                                .thenComparingInt(TopicPartition::partition)))
                        .map(entry -> LogView.of(entry.getKey(), entry.getValue()))
                        .toList());
    }

    record RecoveryView(TotalsView totals, List<LogView> items) {}

    /// @param damagedRanges how many there are
    record TotalsView(
            int waiting,
            int running,
            int done,
            int failed,
            long bytesToCheck,
            long bytesChecked,
            long bytesCut,
            int damagedRanges) {
        static TotalsView of(List<RecoveryReport> reports) {
            return new TotalsView(
                    count(reports, State.WAITING),
                    count(reports, State.RUNNING),
                    count(reports, State.DONE),
                    count(reports, State.FAILED),
                    reports.stream().mapToLong(RecoveryReport::bytesToCheck).sum(),
                    reports.stream().mapToLong(RecoveryReport::bytesChecked).sum(),
                    reports.stream().mapToLong(RecoveryReport::bytesCut).sum(),
                    reports.stream().mapToInt(report -> report.damaged().size()).sum());
        }

        private static int count(List<RecoveryReport> reports, State state) {
            return (int)
                    reports.stream().filter(report -> report.state() == state).count();
        }
    }

    /// @param ms since it was begun, until it ended
    /// @param failure why the log could not be opened; absent unless that failed
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LogView(
            String topic,
            int partition,
            String state,
            BytesView bytes,
            List<DamagedRangeView> damaged,
            long ms,
            @Nullable String failure,
            LogLinks links) {
        static LogView of(TopicPartition name, RecoveryReport report) {
            return new LogView(
                    name.topic(),
                    name.partition(),
                    report.state().name().toLowerCase(Locale.ROOT),
                    new BytesView(report.bytesToCheck(), report.bytesChecked(), report.bytesCut()),
                    DamagedRangeView.listOf(report.damaged()),
                    report.elapsedMs(),
                    report.failure(),
                    new LogLinks(ApiPath.partition(name)));
        }
    }

    /// @param cut from the end, as unfinished writes
    record BytesView(long toCheck, long checked, long cut) {}

    record LogLinks(String partition) {}
}
