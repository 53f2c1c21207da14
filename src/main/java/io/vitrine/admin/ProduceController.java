package io.vitrine.admin;

import io.vitrine.inspect.PayloadFormat;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Durability;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.record.Codec;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Writes records: one, an array, or a line for each.
@RestController
class ProduceController {
    private final LogLookup lookup;
    private final PartitionLogService partitions;
    private final PageWriter pages;
    private final WriterTurns turns;
    private final AtomicInteger turn = new AtomicInteger();

    private record Wanted(Codec codec, boolean acksAll, PayloadFormat keyFormat, PayloadFormat valueFormat) {
        static Wanted of(Map<String, String> query) {
            var parameters = new QueryParameters(query);
            var codec = parameters.word("codec", "none", "gzip", "snappy", "lz4", "zstd");
            var acks = parameters.word("acks", "all", "1");
            var wanted = new Wanted(
                    Codec.find(codec).orElse(Codec.NONE),
                    acks.equals("all"),
                    format(parameters, "keyFormat"),
                    format(parameters, "valueFormat"));
            parameters.requireSound();
            return wanted;
        }

        private static PayloadFormat format(QueryParameters parameters, String name) {
            var format = parameters.format(name);
            if (format == PayloadFormat.NONE) {
                parameters.violate(name, "'none' is no format to write in");
            }
            return format;
        }
    }

    ProduceController(LogLookup lookup, PartitionLogService partitions, PageWriter pages, WriterTurns turns) {
        this.lookup = lookup;
        this.partitions = partitions;
        this.pages = pages;
        this.turns = turns;
    }

    @PostMapping(
            path = ApiPath.TOPIC_RECORDS,
            consumes = {MediaType.APPLICATION_JSON_VALUE, Accepted.NDJSON},
            produces = {MediaType.APPLICATION_JSON_VALUE, Accepted.NDJSON})
    void produce(
            @PathVariable String topic,
            @RequestParam Map<String, String> query,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var wanted = Wanted.of(query);
        var found = writableTopic(topic);
        var results = new PostedResults(topic);
        ApiProblem problem;
        try (var taken = turns.take()) {
            problem = write(request, found, wanted, results, taken);
        }
        answer(request, response, results, problem);
    }

    /// @throws ApiProblem if there is none, or it is not for clients to write to
    private Topic writableTopic(String name) {
        if (Topic.isInternal(name)) {
            throw ApiProblem.invalidTopic("Clients may not write to this internal topic.");
        }
        try {
            return lookup.topic(name);
        } catch (ApiProblem e) {
            throw e.getStatusCode() == HttpStatus.NOT_FOUND ? ApiProblem.unknownTopicToWrite(name) : e;
        }
    }

    /// Writes part by part, until something goes wrong.
    ///
    /// @return what was wrong with the part behind those that were written; null if all were
    private @Nullable ApiProblem write(
            HttpServletRequest request, Topic topic, Wanted wanted, PostedResults results, WriterTurns.Taken taken)
            throws IOException {
        boolean lines = isLines(request);
        var defaults = new PostedRecord.Defaults(
                wanted.keyFormat(),
                wanted.valueFormat(),
                System::currentTimeMillis,
                topic.partitions().size());
        var way = new PostedWriter.Way(
                wanted.codec(),
                wanted.acksAll() ? partitions.durabilityOfAcksAll() : Durability.PAGE_CACHE,
                lines,
                nextPartition(topic));
        var writer = new PostedWriter(partitions, topic, way, results);
        try (var body = new PostedBody(request.getInputStream(), lines, defaults, taken)) {
            var part = body.nextPart();
            while (!part.isEmpty()) {
                var records = part;
                taken.write(() -> writer.write(records));
                part = results.failures().isEmpty() ? body.nextPart() : List.of();
            }
        } catch (ApiProblem e) {
            return e;
        }
        return results.count() == 0 ? ApiProblem.badBody("There is no record in it.") : null;
    }

    /// One after the other, and of those that can be written to.
    private int nextPartition(Topic topic) {
        int count = topic.partitions().size();
        for (int i = 0; i < count; i++) {
            int index = Math.floorMod(turn.getAndIncrement(), count);
            var partition = partitions.find(new TopicPartition(topic.name(), index));
            if (partition.isPresent() && partition.get().offlineReason().isEmpty()) {
                return index;
            }
        }
        return 0;
    }

    /// 201 if all is written, a problem if nothing is, and 207 with an item for each record if only some are.
    private void answer(
            HttpServletRequest request,
            HttpServletResponse response,
            PostedResults results,
            @Nullable ApiProblem problem)
            throws IOException {
        if (results.written() == 0) {
            throw problem != null ? problem : results.failures().getFirst().problem(results.topic());
        }
        boolean complete = problem == null && results.failures().isEmpty();
        response.setStatus((complete ? HttpStatus.CREATED : HttpStatus.MULTI_STATUS).value());
        pages.write(request, response, new Rows(results, problem));
    }

    private static boolean isLines(HttpServletRequest request) {
        return MediaType.parseMediaType(request.getContentType()).isCompatibleWith(MediaType.APPLICATION_NDJSON);
    }

    /// The rows of an answer.
    private static final class Rows implements PageWriter.Rows {
        private final PostedResults results;
        private final @Nullable ApiProblem problem;
        private int next;

        Rows(PostedResults results, @Nullable ApiProblem problem) {
            this.results = results;
            this.problem = problem;
        }

        @Override
        public Optional<?> next() {
            return next < results.count() ? Optional.of(results.view(next++)) : Optional.empty();
        }

        @Override
        public @Nullable String nextPage() {
            return null;
        }

        @Override
        public Map<String, Object> closing() {
            return problem == null
                    ? Map.of("written", results.written())
                    : Map.of("written", results.written(), "problem", problem.getBody());
        }

        @Override
        public boolean isCutShort() {
            return problem != null;
        }
    }
}
