package io.vitrine.metadata;

import io.vitrine.metadata.MetadataBatchRecords.Place;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.AbortTransactionRecord;
import org.apache.kafka.common.metadata.BeginTransactionRecord;
import org.apache.kafka.common.metadata.EndTransactionRecord;
import org.apache.kafka.common.metadata.FeatureLevelRecord;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.image.TopicImage;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/// Turns records into the next image. Kafka's own delta does the work; this adds what it leaves to others: metadata
/// transactions, and the refusal of records that would lead out of the log directory or contradict one another.
/// ```
///   BEGIN record … record END      applied at END
///   BEGIN record … record ABORT    dropped
/// ```
final class MetadataReplay {
    private final MetadataImage base;
    private final MetadataDelta delta;
    private final Map<String, Uuid> addedNames = new HashMap<>();
    private final Set<Uuid> removedIds = new HashSet<>();
    private final Map<Uuid, Place> changedTopics = new HashMap<>();
    private final List<Held> held = new ArrayList<>();
    private boolean isInTransaction;
    private boolean hasMetadataVersion;

    private record Held(ApiMessage message, Place place) {}

    MetadataReplay(MetadataImage base) {
        this.base = base;
        this.delta = new MetadataDelta.Builder().setImage(base).build();
    }

    /// Replays the bytes of one record.
    void replay(ByteBuffer value, Place place) throws MetadataException {
        replay(decode(value, place), place);
    }

    /// Replays one record, or holds it until its transaction ends.
    void replay(ApiMessage message, Place place) throws MetadataException {
        switch (message) {
            case BeginTransactionRecord _ -> {
                requireTransaction(false, place);
                isInTransaction = true;
            }
            case EndTransactionRecord _ -> {
                requireTransaction(true, place);
                isInTransaction = false;
                for (var record : held) {
                    apply(record.message, record.place);
                }
                held.clear();
            }
            case AbortTransactionRecord _ -> {
                requireTransaction(true, place);
                isInTransaction = false;
                held.clear();
            }
            default -> {
                if (isInTransaction) {
                    held.add(new Held(message, place));
                } else {
                    apply(message, place);
                }
            }
        }
    }

    /// What comes next belongs to a transaction that began before.
    void continueTransaction() {
        isInTransaction = true;
    }

    /// Has a transaction begun that neither ended nor was aborted? Its records are not in the image.
    boolean isInTransaction() {
        return isInTransaction;
    }

    /// What came so far was not in the log, which must finalize its features by itself.
    void startOfLog() {
        hasMetadataVersion = false;
    }

    /// Did the records of the log finalize a `metadata.version`?
    boolean hasMetadataVersion() {
        return hasMetadataVersion;
    }

    MetadataDelta delta() {
        return delta;
    }

    /// The ids of topics that were removed.
    Set<Uuid> removedIds() {
        return Set.copyOf(removedIds);
    }

    /// The image with everything replayed so far.
    MetadataImage finish(MetadataProvenance provenance) throws MetadataException {
        var image = delta.apply(provenance);
        for (var changed : changedTopics.entrySet()) {
            @Nullable TopicImage topic = image.topics().getTopic(changed.getKey());
            if (topic != null) {
                requireNoGap(topic, changed.getValue());
            }
        }
        return image;
    }

    private static ApiMessage decode(ByteBuffer value, Place place) throws MetadataException {
        try {
            return MetadataRecordSerde.INSTANCE
                    .read(new ByteBufferAccessor(value), value.remaining())
                    .message();
        } catch (RuntimeException e) {
            throw because(e, place.damaged("the record cannot be decoded: " + e.getMessage()));
        }
    }

    private void requireTransaction(boolean expected, Place place) throws MetadataException {
        if (isInTransaction != expected) {
            throw place.damaged(
                    expected ? "a transaction ends that has not begun" : "a transaction begins inside another one");
        }
    }

    private void apply(ApiMessage message, Place place) throws MetadataException {
        switch (message) {
            case TopicRecord topic -> checkTopic(topic, place);
            case PartitionRecord partition -> checkPartition(partition, place);
            case RemoveTopicRecord removed -> removedIds.add(removed.topicId());
            case FeatureLevelRecord feature ->
                hasMetadataVersion |= feature.name().equals(MetadataVersion.FEATURE_NAME);
            default -> {
                // Kafka's delta knows what to do with all the others.
            }
        }
        try {
            delta.replay(message);
        } catch (RuntimeException e) {
            var name = message.getClass().getSimpleName();
            throw because(e, place.damaged("%s does not fit what came before: %s".formatted(name, e.getMessage())));
        }
    }

    private void checkTopic(TopicRecord topic, Place place) throws MetadataException {
        Optional<String> fault = TopicNames.findFault(topic.name());
        if (fault.isPresent()) {
            throw place.damaged(fault.get());
        }
        if (TopicNames.isMetadataLog(topic.name())) {
            throw place.damaged("'%s' is the metadata log itself".formatted(topic.name()));
        }
        if (topic.topicId().equals(Uuid.ZERO_UUID)) {
            throw place.damaged("topic '%s' has no id".formatted(topic.name()));
        }
        boolean idIsKnown =
                changedTopics.containsKey(topic.topicId()) || base.topics().getTopic(topic.topicId()) != null;
        // A topic that was removed may come back under its own id.
        if (isTaken(topic.name()) || (idIsKnown && !removedIds.contains(topic.topicId()))) {
            throw place.damaged("topic '%s' with id %s is there already".formatted(topic.name(), topic.topicId()));
        }
        removedIds.remove(topic.topicId());
        addedNames.put(topic.name(), topic.topicId());
        changedTopics.put(topic.topicId(), place);
    }

    private boolean isTaken(String name) {
        @Nullable TopicImage former = base.topics().getTopic(name);
        @Nullable Uuid id = addedNames.getOrDefault(name, former == null ? null : former.id());
        return id != null && !removedIds.contains(id);
    }

    private void checkPartition(PartitionRecord partition, Place place) throws MetadataException {
        if (partition.partitionId() < 0) {
            throw place.damaged("partition %d is negative".formatted(partition.partitionId()));
        }
        changedTopics.putIfAbsent(partition.topicId(), place);
    }

    // Checked at the end only: a checkpoint may list partitions in any order.
    private static void requireNoGap(TopicImage topic, Place place) throws MetadataException {
        for (int index = 0; index < topic.partitions().size(); index++) {
            if (!topic.partitions().containsKey(index)) {
                throw place.damaged("topic '%s' has %d partitions, but none with index %d"
                        .formatted(topic.name(), topic.partitions().size(), index));
            }
        }
    }

    private static MetadataException because(Throwable cause, MetadataException exception) {
        exception.initCause(cause);
        return exception;
    }
}
