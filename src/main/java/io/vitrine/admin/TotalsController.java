package io.vitrine.admin;

import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.partition.PartitionTotals;
import io.vitrine.protocol.ApiTable;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.protocol.RequestCounters;
import io.vitrine.protocol.RequestHandler;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What the broker has done since it started, and what it holds, in one small answer: asked twice, it gives rates.
@RestController
@RequestMapping(ApiPath.BASE + "/totals")
class TotalsController {
    private final MetadataService metadata;
    private final PartitionLogService partitions;
    private final ApiTable apis;
    private final RequestCounters requests;
    private final RefusalJournal refusals;

    TotalsController(
            MetadataService metadata,
            PartitionLogService partitions,
            ApiTable apis,
            RequestCounters requests,
            RefusalJournal refusals) {
        this.metadata = metadata;
        this.partitions = partitions;
        this.apis = apis;
        this.requests = requests;
        this.refusals = refusals;
    }

    @GetMapping
    TotalsView totals(@RequestParam Map<String, String> query) {
        new QueryParameters(query).requireSound();
        var process = ManagementFactory.getRuntimeMXBean();
        var called = apis.handlers().stream()
                .map(this::calls)
                .filter(api -> api.count() > 0)
                .sorted(Comparator.comparingLong(CallsView::count).reversed().thenComparing(CallsView::api))
                .toList();
        return new TotalsView(
                System.currentTimeMillis(),
                process.getUptime(),
                new DoneView(
                        sinceStart(PartitionTotals::records),
                        sinceStart(PartitionTotals::batches),
                        sinceStart(PartitionTotals::bytes),
                        sinceStart(PartitionTotals::fetchedBytes),
                        called.stream().mapToLong(CallsView::count).sum(),
                        refusals.total(),
                        partitions.flushCount()),
                new HeldView(
                        metadata.image().topics().size(),
                        partitions.partitions().size(),
                        sum(partition -> partition.offlineReason().isPresent() ? 1 : 0),
                        sum(partition -> partition.reads().damagedRanges().size()),
                        sum(partition -> partition.segments().size()),
                        sum(Partition::sizeInBytes)),
                called,
                Map.of("self", ApiPath.BASE + "/totals", "refusals", ApiPath.BASE + "/refusals"));
    }

    private CallsView calls(RequestHandler<?> handler) {
        var api = handler.apiKey();
        long count = requests.requests(api);
        return new CallsView(api.name, count, count == 0 ? 0 : requests.totalNanos(api) / count / 1_000);
    }

    /// Deleted topics count too: what has been done does not become less.
    private long sinceStart(ToLongFunction<PartitionTotals> value) {
        return value.applyAsLong(partitions.removed().totals())
                + sum(partition -> value.applyAsLong(partition.totals()));
    }

    private long sum(ToLongFunction<Partition> value) {
        return partitions.partitions().stream().mapToLong(value).sum();
    }

    /// @param timestamp when all this was so
    /// @param calls the requests that came in, those that came most often first
    record TotalsView(
            long timestamp,
            long uptimeMs,
            DoneView sinceStart,
            HeldView now,
            List<CallsView> calls,
            Map<String, String> links) {}

    /// @param bytesOut of record batches that were sent to consumers
    record DoneView(
            long recordsIn, long batchesIn, long bytesIn, long bytesOut, long requests, long refusals, long flushes) {}

    record HeldView(
            int topics, int partitions, long offlinePartitions, long damagedRanges, long segments, long sizeBytes) {}

    /// @param meanMicros from the arrival of a request to its answer, which waits for the disk or for records
    record CallsView(String api, long count, long meanMicros) {}
}
