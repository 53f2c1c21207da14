package io.vitrine.admin;

import io.vitrine.admin.IndexEntryViews.OffsetView;
import io.vitrine.admin.IndexEntryViews.TimeView;
import io.vitrine.admin.IndexEntryViews.TransactionView;
import io.vitrine.inspect.ReadableLog;
import io.vitrine.log.ReadableSegment;
import java.io.IOException;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// One segment of a partition, and the entries of its indexes.
@RestController
@RequestMapping(ApiPath.SEGMENT)
class SegmentController {
    private final LogLookup lookup;

    SegmentController(LogLookup lookup) {
        this.lookup = lookup;
    }

    @GetMapping
    SegmentDetailsView segment(
            @PathVariable String topic,
            @PathVariable int partition,
            @PathVariable long base,
            @RequestParam Map<String, String> query) {
        new QueryParameters(query).requireSound();
        var log = lookup.log(topic, partition);
        return SegmentDetailsView.of(log.name(), ask(log, base, ReadableSegment::details));
    }

    @GetMapping("/index")
    IndexPage index(
            @PathVariable String topic,
            @PathVariable int partition,
            @PathVariable long base,
            @RequestParam Map<String, String> query) {
        var range = range(query);
        var log = lookup.log(topic, partition);
        var entries = ask(log, base, segment -> segment.offsetIndex(range.from(), range.toRead()));
        return IndexPage.of(range, entries, OffsetView::of, ApiPath.segment(log.name(), base) + "/index");
    }

    @GetMapping("/timeindex")
    IndexPage timeIndex(
            @PathVariable String topic,
            @PathVariable int partition,
            @PathVariable long base,
            @RequestParam Map<String, String> query) {
        var range = range(query);
        var log = lookup.log(topic, partition);
        var entries = ask(log, base, segment -> segment.timeIndex(range.from(), range.toRead()));
        return IndexPage.of(range, entries, TimeView::of, ApiPath.segment(log.name(), base) + "/timeindex");
    }

    @GetMapping("/txnindex")
    IndexPage transactionIndex(
            @PathVariable String topic,
            @PathVariable int partition,
            @PathVariable long base,
            @RequestParam Map<String, String> query) {
        var range = range(query);
        var log = lookup.log(topic, partition);
        var entries = ask(log, base, segment -> segment.transactionIndex(range.from(), range.toRead()));
        return IndexPage.of(range, entries, TransactionView::of, ApiPath.segment(log.name(), base) + "/txnindex");
    }

    /// A question to a segment, which has to look into files.
    @FunctionalInterface
    private interface Question<T> {
        T ask(ReadableSegment segment) throws IOException;
    }

    private <T> T ask(ReadableLog log, long base, Question<T> question) {
        try {
            return question.ask(lookup.segment(log, base));
        } catch (IOException e) {
            throw ApiProblem.storageFailed(log.name(), String.valueOf(e.getMessage()));
        }
    }

    private static IndexPage.Range range(Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var range = IndexPage.Range.of(parameters);
        parameters.requireSound();
        return range;
    }
}
