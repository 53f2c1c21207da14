package io.vitrine.group;

import io.vitrine.group.GroupMember.Subscription;
import io.vitrine.metadata.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.Member;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.TaskIds;

/// Reads what the coordinator says of streams groups. Their members have tasks; what a task reads are the partitions
/// of its number in the topics of its part of the topology.
final class StreamsGroups {
    private StreamsGroups() {}

    static GroupAnswer answer(DescribedGroup group, ToIntFunction<String> partition) {
        return GroupAnswer.of(group.errorCode(), group.errorMessage(), () -> {
            var sources = sources(group);
            return new GroupDescription(
                    new GroupSummary(
                            group.groupId(),
                            GroupType.STREAMS,
                            group.groupState(),
                            GroupType.STREAMS.label(),
                            partition.applyAsInt(group.groupId())),
                    group.assignorName(),
                    group.groupEpoch(),
                    group.assignmentEpoch(),
                    group.members().stream()
                            .map(member -> member(member, sources))
                            .toList());
        });
    }

    /// The topics that each part of the topology reads.
    private static Map<String, List<String>> sources(DescribedGroup group) {
        var sources = new HashMap<String, List<String>>();
        if (group.topology() != null && group.topology().subtopologies() != null) {
            for (var part : group.topology().subtopologies()) {
                var topics = new ArrayList<>(part.sourceTopics());
                part.repartitionSourceTopics().forEach(topic -> topics.add(topic.name()));
                sources.put(part.subtopologyId(), topics);
            }
        }
        return sources;
    }

    private static GroupMember member(Member member, Map<String, List<String>> sources) {
        return new GroupMember(
                member.memberId(),
                member.instanceId(),
                member.rackId(),
                member.clientId(),
                member.clientHost(),
                member.memberEpoch(),
                member.isClassic() ? GroupType.CLASSIC.label() : GroupType.STREAMS.label(),
                new Subscription(
                        sources.values().stream()
                                .flatMap(List::stream)
                                .distinct()
                                .sorted()
                                .toList(),
                        null),
                partitions(member.assignment().activeTasks(), sources),
                partitions(member.targetAssignment().activeTasks(), sources));
    }

    private static List<TopicPartition> partitions(List<TaskIds> tasks, Map<String, List<String>> sources) {
        return tasks.stream()
                .flatMap(task -> sources.getOrDefault(task.subtopologyId(), List.of()).stream()
                        .flatMap(topic -> Partitions.of(topic, task.partitions())))
                .distinct()
                .toList();
    }
}
