package io.vitrine.metadata;

import io.vitrine.definition.BrokerConfigLayers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.server.common.ApiMessageAndVersion;

/// Makes topics, gives them more partitions and deletes them. What is asked for together is written as one batch with
/// one fsync, so after a crash all of it is there or nothing. When a call returns, the logs are open or out of service.
///
/// Each wish is judged for itself; but if all that could be granted is too much for one batch, nothing is. Thread-safe;
/// waits for the disk.
public final class TopicChanges {
    /// As many records as Kafka's controller puts into one change.
    private static final int MAX_RECORDS = 10_000;

    private static final String TOO_LARGE = "Unable to perform excessively large batch operation.";
    private static final String TOO_MANY_PARTITIONS = "Excessively large number of partitions per request.";
    private static final String TOO_MANY_MORE = "Excessively large number of additional partitions per request.";

    private final MetadataWriter writer;
    private final MetadataSettings settings;
    private final Uuid placement;
    private final Supplier<BrokerConfigLayers> brokerConfigs;

    /// @param placement the directory that new partitions lie in, or Kafka's id for "not decided"
    /// @param brokerConfigs what is set for the broker at this moment, which topics inherit
    TopicChanges(
            MetadataWriter writer,
            MetadataSettings settings,
            Uuid placement,
            Supplier<BrokerConfigLayers> brokerConfigs) {
        this.writer = writer;
        this.settings = settings;
        this.placement = placement;
        this.brokerConfigs = brokerConfigs;
    }

    /// Has `preparation` called with each change before anybody can see it, so that what is seen is ready. It runs
    /// under the lock of the changes: it must not change the metadata itself.
    public void prepare(Consumer<ClusterChange> preparation) {
        writer.addPreparation(preparation);
    }

    /// Has `listener` called with each change when it can be seen, before it is answered; likewise under the lock.
    public void listen(Consumer<ClusterChange> listener) {
        writer.addListener(listener);
    }

    /// Is it certain that this topic was deleted before the start? What is left of it is nobody's then.
    public boolean wasDeleted(Uuid topicId) {
        return writer.removedAtStart().contains(topicId);
    }

    /// Creates topics of different names.
    ///
    /// @param validateOnly only says what would become of it
    /// @return one for each wish, in the same order
    /// @throws IOException if it could not be written; there are no such topics then
    public List<CreateTopicOutcome> create(List<NewTopic> wishes, boolean validateOnly) throws IOException {
        return writer.change(current -> {
            if (countPartitions(wishes) > MAX_RECORDS) {
                return refuseAll(wishes, TOO_MANY_PARTITIONS);
            }
            var draft = draft();
            var broker = brokerConfigs.get();
            var outcomes = new ArrayList<CreateTopicOutcome>();
            for (var wish : wishes) {
                outcomes.add(TopicWish.check(wish, current, broker)
                        .orElseGet(() -> new CreateTopicOutcome.Valid(draft.create(wish, settings.topics()))));
            }
            if (draft.configChars() > TopicWish.MAX_CONFIG_CHARS
                    || draft.records().size() > MAX_RECORDS) {
                return refuseAll(wishes, TOO_LARGE);
            }
            return validateOnly || draft.records().isEmpty() ? outcomes : write(draft, outcomes);
        });
    }

    /// Gives different topics more partitions.
    ///
    /// @param validateOnly only says what would become of it
    /// @return one for each wish, in the same order
    /// @throws IOException if it could not be written; all topics are as before then
    public List<GrowTopicOutcome> grow(List<TopicGrowth> wishes, boolean validateOnly) throws IOException {
        return writer.change(current -> {
            if (countAdditional(wishes, current) > MAX_RECORDS) {
                return wishes.stream()
                        .<GrowTopicOutcome>map(_ ->
                                new GrowTopicOutcome.Refused(GrowTopicOutcome.Refusal.TOO_MANY_RECORDS, TOO_MANY_MORE))
                        .toList();
            }
            var draft = draft();
            var outcomes = new ArrayList<GrowTopicOutcome>();
            for (var wish : wishes) {
                outcomes.add(grow(wish, current, draft));
            }
            if (validateOnly || draft.records().isEmpty()) {
                return outcomes;
            }
            writer.write(draft.records());
            outcomes.replaceAll(
                    outcome -> outcome instanceof GrowTopicOutcome.Valid(Topic former) ? grown(former.id()) : outcome);
            return outcomes;
        });
    }

    /// May topics be deleted at all?
    public boolean isDeletionEnabled() {
        return settings.topics().deletionEnabled();
    }

    /// Deletes topics.
    ///
    /// @return one for each id
    /// @throws IOException if it could not be written; all topics are there as before then
    public Map<Uuid, DeleteTopicOutcome> delete(Collection<Uuid> ids) throws IOException {
        if (!isDeletionEnabled()) {
            return refuseAll(ids, DeleteTopicOutcome.Refusal.DISABLED, "Topic deletion is disabled.");
        }
        return writer.change(current -> {
            var outcomes = new LinkedHashMap<Uuid, DeleteTopicOutcome>();
            var records = new ArrayList<ApiMessageAndVersion>();
            for (var id : ids) {
                if (outcomes.containsKey(id)) {
                    continue;
                }
                var topic = current.findTopic(id);
                topic.ifPresent(_ -> records.add(MetadataRecords.removedTopic(id)));
                outcomes.put(
                        id,
                        topic.<DeleteTopicOutcome>map(DeleteTopicOutcome.Deleted::new)
                                .orElseGet(DeleteTopicOutcome.Unknown::new));
            }
            if (records.size() > MAX_RECORDS) {
                return refuseAll(ids, DeleteTopicOutcome.Refusal.TOO_MANY_RECORDS, TOO_LARGE);
            }
            if (!records.isEmpty()) {
                writer.write(records);
            }
            return outcomes;
        });
    }

    /// Changes all of them at once, and all configs with them.
    public ContentChanges all() {
        return new ContentChanges(writer, settings.nodeId());
    }

    private TopicDraft draft() {
        return new TopicDraft(
                MetadataRecords.singleReplica(settings.nodeId(), placement),
                writer.metadataVersion().partitionRecordVersion());
    }

    private List<CreateTopicOutcome> write(TopicDraft draft, List<CreateTopicOutcome> outcomes) throws IOException {
        writer.write(draft.records());
        return outcomes.stream()
                .map(outcome -> outcome instanceof CreateTopicOutcome.Valid(Topic topic)
                        ? new CreateTopicOutcome.Created(
                                writer.image().findTopic(topic.id()).orElseThrow())
                        : outcome)
                .toList();
    }

    private static GrowTopicOutcome grow(TopicGrowth wish, ClusterImage current, TopicDraft draft) {
        var found = current.findTopic(wish.topic());
        if (found.isEmpty()) {
            return new GrowTopicOutcome.Unknown();
        }
        var topic = found.get();
        return GrowthRules.check(wish, topic, current.nodeId()).orElseGet(() -> {
            draft.grow(topic, wish.count());
            return new GrowTopicOutcome.Valid(topic);
        });
    }

    private GrowTopicOutcome grown(Uuid id) {
        return new GrowTopicOutcome.Grown(writer.image().findTopic(id).orElseThrow());
    }

    private long countPartitions(List<NewTopic> wishes) {
        return wishes.stream()
                .mapToLong(wish ->
                        Math.max(0, wish.countPartitions(settings.topics().partitions())))
                .sum();
    }

    private static long countAdditional(List<TopicGrowth> wishes, ClusterImage current) {
        return wishes.stream()
                .mapToLong(wish -> current.findTopic(wish.topic())
                        .map(topic -> Math.max(
                                0L, (long) wish.count() - topic.partitions().size()))
                        .orElse(0L))
                .sum();
    }

    private static List<CreateTopicOutcome> refuseAll(List<NewTopic> wishes, String reason) {
        return wishes.stream()
                .<CreateTopicOutcome>map(
                        _ -> new CreateTopicOutcome.Refused(CreateTopicOutcome.Refusal.TOO_MANY_RECORDS, reason))
                .toList();
    }

    private static Map<Uuid, DeleteTopicOutcome> refuseAll(
            Collection<Uuid> ids, DeleteTopicOutcome.Refusal kind, String reason) {
        var outcomes = new LinkedHashMap<Uuid, DeleteTopicOutcome>();
        ids.forEach(id -> outcomes.put(id, new DeleteTopicOutcome.Refused(kind, reason)));
        return outcomes;
    }
}
