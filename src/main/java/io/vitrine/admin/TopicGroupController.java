package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.group.CommittedOffset;
import io.vitrine.group.GroupDescription;
import io.vitrine.group.GroupDirectory;
import io.vitrine.group.GroupMember;
import io.vitrine.group.GroupSummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The groups that read a topic: those that have committed offsets of it, and those whose members are given some of it.
@RestController
@RequestMapping(ApiPath.TOPICS + "/{topic}/groups")
class TopicGroupController {
    private final GroupDirectory groups;
    private final GroupLag lag;
    private final LogLookup lookup;

    TopicGroupController(GroupDirectory groups, GroupLag lag, LogLookup lookup) {
        this.groups = groups;
        this.lag = lag;
        this.lookup = lookup;
    }

    @GetMapping
    ReadersView groups(@PathVariable String topic, @RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        int limit = parameters.limit();
        parameters.requireSound();
        var name = lookup.topic(topic).name();
        var all = GroupCall.await(groups.list());
        var described = GroupCall.await(groups.describe(all));
        var offsets = new LinkedHashMap<GroupSummary, CompletableFuture<List<CommittedOffset>>>();
        all.forEach(group -> offsets.put(group, groups.offsets(group.id())));
        var readers = offsets.entrySet().stream()
                .map(group -> reader(
                        name, group.getKey(), described.get(group.getKey().id()), GroupCall.await(group.getValue())))
                .filter(Objects::nonNull)
                .limit(limit + 1L)
                .toList();
        return new ReadersView(readers.stream().limit(limit).toList(), readers.size() > limit ? true : null);
    }

    /// Null if the group has nothing to do with the topic.
    private @Nullable ReaderView reader(
            String topic, GroupSummary group, @Nullable GroupDescription description, List<CommittedOffset> offsets) {
        var committed = offsets.stream()
                .filter(offset -> offset.partition().topic().equals(topic))
                .toList();
        long members = description == null
                ? 0
                : description.members().stream()
                        .filter(member -> reads(member, topic))
                        .count();
        if (committed.isEmpty() && members == 0) {
            return null;
        }
        return new ReaderView(
                group.id(),
                group.type().label(),
                group.state(),
                members,
                committed.size(),
                lag.total(committed),
                Map.of(
                        "group", ApiPath.group(group.id(), ""),
                        "offsets", ApiPath.group(group.id(), "/offsets")));
    }

    private static boolean reads(GroupMember member, String topic) {
        return member.assigned().stream()
                .anyMatch(partition -> partition.topic().equals(topic));
    }

    /// @param more are there more of them than the limit? Absent if not
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ReadersView(List<ReaderView> items, @Nullable Boolean more) {}

    /// @param members that read some of this topic
    /// @param partitionsCommitted of this topic
    /// @param lag of what is committed of this topic
    record ReaderView(
            String group,
            String type,
            String state,
            long members,
            int partitionsCommitted,
            long lag,
            Map<String, String> links) {}
}
