package io.vitrine.timeline;

import io.vitrine.coordinator.TappedRecord;
import io.vitrine.group.GroupType;
import io.vitrine.timeline.ModernStep.Assigned;
import io.vitrine.timeline.ModernStep.GroupEpoch;
import io.vitrine.timeline.ModernStep.GroupGone;
import io.vitrine.timeline.ModernStep.MemberGone;
import io.vitrine.timeline.ModernStep.MemberIs;
import io.vitrine.timeline.ModernStep.ModernMember;
import io.vitrine.timeline.ModernStep.TargetGone;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/// Reads the steps of groups of the newer protocols from the records of their coordinator.
final class ModernRecords {
    private final ConsumerRecords consumers;
    private final ShareRecords shares;
    private final StreamsRecords streams = new StreamsRecords();

    /// @param topicName finds the name of a topic, or puts its id in the place
    ModernRecords(Function<Uuid, String> topicName) {
        this.consumers = new ConsumerRecords(topicName);
        this.shares = new ShareRecords(topicName);
    }

    /// The step that a record tells of; empty for records of other things.
    Optional<ModernStep.Of> read(TappedRecord record) {
        return consumers
                .read(record.key(), record.value())
                .or(() -> shares.read(record.key(), record.value()))
                .or(() -> streams.read(record.key(), record.value()));
    }

    static ModernMember member(
            String clientId, String clientHost, @Nullable String instanceId, String wants, int rebalanceTimeoutMs) {
        return new ModernMember(
                clientId, clientHost, Optional.ofNullable(instanceId), wants, wants.hashCode(), rebalanceTimeoutMs);
    }

    /// The partitions of each topic, of items that have some of one topic each; or of each part of a topology.
    static <T> Map<String, List<Integer>> byTopic(
            List<T> items, Function<T, String> topic, Function<T, List<Integer>> partitions) {
        var all = new HashMap<String, List<Integer>>();
        items.forEach(item -> all.put(topic.apply(item), partitions.apply(item)));
        return all;
    }

    static <V extends ApiMessage> Optional<ModernStep.Of> groupEpoch(
            String groupId, GroupType type, @Nullable V value, ToIntFunction<V> epoch) {
        return of(groupId, value == null ? new GroupGone(type) : new GroupEpoch(type, epoch.applyAsInt(value)));
    }

    static <V extends ApiMessage> Optional<ModernStep.Of> member(
            String groupId, GroupType type, String memberId, @Nullable V value, Function<V, ModernMember> member) {
        return of(
                groupId, value == null ? new MemberGone(memberId) : new MemberIs(type, memberId, member.apply(value)));
    }

    static <V extends ApiMessage> Optional<ModernStep.Of> target(
            String groupId, String memberId, @Nullable V value, Function<V, ModernStep.Target> target) {
        return of(groupId, value == null ? new TargetGone(memberId) : target.apply(value));
    }

    /// That it is deleted tells nothing: the group itself is.
    static <V extends ApiMessage> Optional<ModernStep.Of> assigned(
            String groupId, @Nullable V value, ToIntFunction<V> epoch) {
        return told(groupId, value, found -> new Assigned(epoch.applyAsInt(found)));
    }

    /// A step of which nothing is told when its record is deleted.
    static <V extends ApiMessage> Optional<ModernStep.Of> told(
            String groupId, @Nullable V value, Function<V, ModernStep> step) {
        return value == null ? Optional.empty() : of(groupId, step.apply(value));
    }

    private static Optional<ModernStep.Of> of(String groupId, ModernStep step) {
        return Optional.of(new ModernStep.Of(groupId, step));
    }
}
