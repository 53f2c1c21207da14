package io.vitrine.admin;

import io.vitrine.group.CommittedOffset;
import io.vitrine.group.GroupChanges;
import io.vitrine.group.GroupDirectory;
import io.vitrine.group.GroupMember;
import io.vitrine.metadata.TopicPartition;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// How far a group has read, and changes to that.
@RestController
@RequestMapping({ApiPath.GROUP + "/offsets", ApiPath.GROUP_BY_ID + "/offsets"})
class GroupOffsetController {
    private static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private final GroupDirectory groups;
    private final GroupChanges changes;
    private final GroupResets resets;
    private final GroupLag lag;
    private final LogLookup lookup;

    GroupOffsetController(
            GroupDirectory groups, GroupChanges changes, GroupResets resets, GroupLag lag, LogLookup lookup) {
        this.groups = groups;
        this.changes = changes;
        this.resets = resets;
        this.lag = lag;
        this.lookup = lookup;
    }

    /// What is committed, and what members read without having committed anything yet.
    @GetMapping
    OffsetsView offsets(
            @PathVariable(required = false) @Nullable String group, @RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var id = GroupId.of(group, parameters);
        boolean stable = parameters
                .word("isolation", "read_uncommitted", "read_committed")
                .equals("read_committed");
        var topic = parameters.text("topic");
        parameters.requireSound();
        var owners = owners(GroupCall.await(groups.describe(id)).members());
        var committed = GroupCall.await(groups.offsets(id)).stream()
                .collect(Collectors.toMap(CommittedOffset::partition, Function.identity()));
        var names = new TreeSet<>(BY_NAME);
        names.addAll(committed.keySet());
        names.addAll(owners.keySet());
        return new OffsetsView(names.stream()
                .filter(name -> topic.isEmpty() || topic.get().equals(name.topic()))
                .map(name -> GroupOffsetView.of(name, committed.get(name), lag.offsets(name), owners.get(name), stable))
                .toList());
    }

    @DeleteMapping
    DeletedView delete(
            @PathVariable(required = false) @Nullable String group, @RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var id = GroupId.of(group, parameters);
        var topic = parameters.text("topic");
        int partition = parameters.number("partition", -1, 0, Integer.MAX_VALUE);
        if (topic.isEmpty()) {
            parameters.violate("topic", "expected the topic whose committed offsets are to be deleted");
        }
        parameters.requireSound();
        GroupCall.await(groups.describe(id));
        var found = lookup.topic(topic.orElseThrow());
        if (partition >= 0) {
            lookup.partition(found, partition);
        }
        var committed = GroupCall.await(groups.offsets(id)).stream()
                .filter(offset -> offset.partition().topic().equals(found.name()))
                .filter(offset -> partition < 0 || offset.partition().partition() == partition)
                .toList();
        var refused = GroupCall.await(changes.deleteOffsets(
                id, committed.stream().map(CommittedOffset::partition).toList()));
        if (!refused.isEmpty()) {
            throw GroupCall.problem(refused.getFirst().reason());
        }
        return new DeletedView(committed.stream().map(DeletedOffset::of).toList());
    }

    @PatchMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    GroupResets.ResetView reset(
            @PathVariable(required = false) @Nullable String group,
            @RequestParam Map<String, String> query,
            HttpServletRequest request)
            throws IOException {
        var parameters = new QueryParameters(query);
        var id = GroupId.of(group, parameters);
        boolean dryRun = parameters.flag("dryRun", true);
        parameters.requireSound();
        return resets.reset(id, ResetBody.read(request.getInputStream()), dryRun);
    }

    /// The members that read each partition. While a group rebalances, two may claim it: the later one in the list
    /// has it then.
    private static Map<TopicPartition, GroupMember> owners(List<GroupMember> members) {
        var owners = new HashMap<TopicPartition, GroupMember>();
        members.forEach(member -> member.assigned().forEach(partition -> owners.put(partition, member)));
        return owners;
    }

    record OffsetsView(List<GroupOffsetView> items) {}

    /// @param items what was deleted
    record DeletedView(List<DeletedOffset> items) {}

    record DeletedOffset(String topic, int partition, long committed) {
        static DeletedOffset of(CommittedOffset offset) {
            return new DeletedOffset(
                    offset.partition().topic(), offset.partition().partition(), offset.offset());
        }
    }
}
