package io.vitrine.timeline;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.timeline.Generation.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// What is different between two generations of a group.
///
/// @param joined members of the later one only
/// @param left members of the earlier one only
/// @param replaced static members that came back under another id
/// @param moves partitions that somebody else reads, in order
/// @param kept how many partitions have the same reader
public record GenerationDiff(
        Generation from,
        Generation to,
        List<Member> joined,
        List<Member> left,
        List<Replacement> replaced,
        List<Move> moves,
        int kept) {

    /// A static member before and after.
    public record Replacement(String instanceId, String fromMemberId, String toMemberId) {}

    /// A partition whose reader changed.
    ///
    /// @param from empty if nobody read it
    /// @param to empty if nobody reads it now
    public record Move(TopicPartition partition, Optional<String> from, Optional<String> to) {}

    /// Compares two generations of one group.
    public static GenerationDiff between(Generation from, Generation to) {
        var replaced = replacements(from, to);
        var joined = without(to, from).stream()
                .filter(member ->
                        replaced.stream().noneMatch(some -> some.toMemberId().equals(member.memberId())))
                .toList();
        var left = without(from, to).stream()
                .filter(member ->
                        replaced.stream().noneMatch(some -> some.fromMemberId().equals(member.memberId())))
                .toList();
        var before = readers(from);
        var after = readers(to);
        var names =
                new TreeSet<>(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition));
        names.addAll(before.keySet());
        names.addAll(after.keySet());
        var moves = new ArrayList<Move>();
        for (var name : names) {
            var move = new Move(name, Optional.ofNullable(before.get(name)), Optional.ofNullable(after.get(name)));
            if (!move.from().equals(move.to())) {
                moves.add(move);
            }
        }
        return new GenerationDiff(from, to, joined, left, replaced, List.copyOf(moves), names.size() - moves.size());
    }

    private static List<Member> without(Generation some, Generation other) {
        return some.members().values().stream()
                .filter(member -> !other.members().containsKey(member.memberId()))
                .sorted(Comparator.comparing(Member::memberId))
                .toList();
    }

    private static List<Replacement> replacements(Generation from, Generation to) {
        var before = new HashMap<String, String>();
        without(from, to)
                .forEach(member -> member.instanceId().ifPresent(instance -> before.put(instance, member.memberId())));
        var found = new ArrayList<Replacement>();
        for (var member : without(to, from)) {
            member.instanceId()
                    .filter(before::containsKey)
                    .ifPresent(instance ->
                            found.add(new Replacement(instance, before.getOrDefault(instance, ""), member.memberId())));
        }
        return List.copyOf(found);
    }

    private static Map<TopicPartition, String> readers(Generation generation) {
        var readers = new HashMap<TopicPartition, String>();
        generation
                .members()
                .values()
                .forEach(member -> member.assignment().list().forEach(name -> readers.put(name, member.memberId())));
        return readers;
    }
}
