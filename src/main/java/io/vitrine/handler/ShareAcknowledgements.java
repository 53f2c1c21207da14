package io.vitrine.handler;

import io.vitrine.group.ShareKey;
import io.vitrine.metadata.MetadataService;
import io.vitrine.protocol.Request;
import io.vitrine.share.AcknowledgeType;
import io.vitrine.share.Acknowledgement;
import io.vitrine.share.SharePartitions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What the members of share groups say of the records they hold, which comes with either of two requests. Each
/// partition answers for itself.
final class ShareAcknowledgements {
    private static final short FIRST_VERSION_WITH_RENEW = 2;

    private final MetadataService metadata;
    private final SharePartitions partitions;

    ShareAcknowledgements(MetadataService metadata, SharePartitions partitions) {
        this.metadata = metadata;
        this.partitions = partitions;
    }

    /// One batch as it comes in.
    record Batch(long firstOffset, long lastOffset, List<Byte> types) {}

    /// What is said of one partition.
    record Said(ShareKey key, List<Batch> batches) {}

    /// What a partition answers.
    record Answered(Errors error, @Nullable String message) {
        static final Answered DONE = new Answered(Errors.NONE, null);
    }

    /// Has all of it done.
    ///
    /// @param renews does the request say that it renews?
    CompletableFuture<Map<ShareKey, Answered>> apply(
            Request<?> request, String member, List<Said> said, boolean renews) {
        boolean renewKnown = request.version() >= FIRST_VERSION_WITH_RENEW;
        var answers = new LinkedHashMap<ShareKey, CompletableFuture<Answered>>();
        // As in Kafka, nothing is told of partitions of which nothing is said, unless something is of others.
        boolean anything = said.stream().anyMatch(one -> !one.batches().isEmpty());
        for (var one : anything ? said : List.<Said>of()) {
            answers.put(one.key(), apply(request, member, one, renewKnown && renews));
        }
        return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
                .thenApply(_ -> {
                    var done = new LinkedHashMap<ShareKey, Answered>();
                    answers.forEach((key, answer) -> done.put(key, answer.join()));
                    return done;
                });
    }

    private CompletableFuture<Answered> apply(Request<?> request, String member, Said said, boolean renews) {
        var key = said.key();
        var topic = metadata.image().findTopic(key.topicId());
        if (topic.isEmpty()) {
            return refused(request, key, Errors.UNKNOWN_TOPIC_ID, "no topic has the id " + key.topicId());
        }
        var read = read(said.batches(), renews);
        if (read.isEmpty()) {
            return refused(
                    request,
                    key,
                    Errors.INVALID_REQUEST,
                    "expected batches in order, each with one known type or one for each offset");
        }
        if (topic.get().findPartition(key.partition()).isEmpty()) {
            return refused(request, key, Errors.UNKNOWN_TOPIC_OR_PARTITION, "there is no such partition");
        }
        if (read.get().isEmpty()) {
            return CompletableFuture.completedFuture(Answered.DONE);
        }
        return partitions.acknowledge(key, member, read.get()).handle((_, thrown) -> {
            @Nullable Throwable failure = thrown;
            if (failure == null) {
                return Answered.DONE;
            }
            var error = GroupAnswers.errorOf(request, failure);
            var message = GroupAnswers.messageOf(failure);
            request.noteRefusal(ShareRequests.subject(key), error, error.name(), message);
            return new Answered(error, message);
        });
    }

    /// Empty if any batch is not sound.
    private static Optional<List<Acknowledgement>> read(List<Batch> batches, boolean renews) {
        var read = new ArrayList<Acknowledgement>();
        long next = -1;
        for (var batch : batches) {
            boolean inOrder = batch.firstOffset() >= next && batch.firstOffset() <= batch.lastOffset();
            int types = batch.types().size();
            if (!inOrder || types == 0 || (types > 1 && batch.lastOffset() - batch.firstOffset() != types - 1)) {
                return Optional.empty();
            }
            var known = new ArrayList<AcknowledgeType>(types);
            for (byte code : batch.types()) {
                var type = AcknowledgeType.find(code);
                if (type.isEmpty() || (type.get() == AcknowledgeType.RENEW && !renews)) {
                    return Optional.empty();
                }
                known.add(type.get());
            }
            read.add(new Acknowledgement(batch.firstOffset(), batch.lastOffset(), known));
            next = batch.lastOffset();
        }
        return Optional.of(read);
    }

    private static CompletableFuture<Answered> refused(Request<?> request, ShareKey key, Errors error, String detail) {
        request.noteRefusal(ShareRequests.subject(key), error, error.name(), detail);
        return CompletableFuture.completedFuture(new Answered(error, error.message()));
    }
}
