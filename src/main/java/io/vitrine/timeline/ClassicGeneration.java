package io.vitrine.timeline;

import io.vitrine.coordinator.TappedRecord;
import io.vitrine.timeline.Generation.Member;
import io.vitrine.timeline.TimelineEvent.Kind;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue.MemberMetadata;

/// A generation as the coordinator writes it for a classic group.
final class ClassicGeneration {
    private static final String CONSUMER = "consumer";

    private ClassicGeneration() {}

    /// What a timeline says of it.
    static TimelineEvent event(Generation generation) {
        boolean empty = generation.members().isEmpty();
        return TimelineEvent.of(
                        generation.timestampMs(),
                        empty ? Kind.EMPTY : Kind.ASSIGNED,
                        generation.epoch(),
                        "",
                        empty
                                ? "no member is left"
                                : "%d partitions to %d members by %s, leader %s"
                                        .formatted(
                                                generation.partitionCount(),
                                                generation.members().size(),
                                                generation.protocol(),
                                                generation.leader()))
                .asReplayed(generation.replayed());
    }

    static Generation of(GroupMetadataValue value, TappedRecord record) {
        var members = new HashMap<String, Member>();
        boolean consumers = value.protocolType().equals(CONSUMER);
        for (var member : value.members()) {
            members.put(
                    member.memberId(),
                    new Member(
                            member.memberId(),
                            Optional.ofNullable(member.groupInstanceId()),
                            member.clientId(),
                            member.clientHost(),
                            consumers ? read(member) : Assignment.NONE));
        }
        return new Generation(
                value.generation(),
                record.timestampMs(),
                record.replayed(),
                value.protocol() == null ? "" : value.protocol(),
                value.leader() == null ? "" : value.leader(),
                members);
    }

    /// What the leader has assigned, in bytes of its own; nothing if they are not what consumers write.
    private static Assignment read(MemberMetadata member) {
        try {
            var assigned = ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(member.assignment()));
            return Assignment.of(assigned.partitions().stream()
                    .collect(Collectors.groupingBy(
                            TopicPartition::topic,
                            Collectors.mapping(TopicPartition::partition, Collectors.toList()))));
        } catch (RuntimeException e) {
            return Assignment.NONE;
        }
    }
}
