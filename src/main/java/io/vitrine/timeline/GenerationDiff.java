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
import java.util.stream.IntStream;

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
            moves.addAll(moves(name, before.getOrDefault(name, List.of()), after.getOrDefault(name, List.of())));
        }
        long moved = moves.stream().map(Move::partition).distinct().count();
        return new GenerationDiff(from, to, joined, left, replaced, List.copyOf(moves), names.size() - (int) moved);
    }

    /// In a share group a partition may have several readers.
    private static List<Move> moves(TopicPartition name, List<String> before, List<String> after) {
        var given = before.stream().filter(member -> !after.contains(member)).toList();
        var taken = after.stream().filter(member -> !before.contains(member)).toList();
        return IntStream.range(0, Math.max(given.size(), taken.size()))
                .mapToObj(i -> new Move(
                        name,
                        i < given.size() ? Optional.of(given.get(i)) : Optional.empty(),
                        i < taken.size() ? Optional.of(taken.get(i)) : Optional.empty()))
                .toList();
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

    private static Map<TopicPartition, List<String>> readers(Generation generation) {
        var readers = new HashMap<TopicPartition, List<String>>();
        generation.members().values().stream()
                .sorted(Comparator.comparing(Member::memberId))
                .forEach(member -> member.assignment()
                        .list()
                        .forEach(name -> readers.computeIfAbsent(name, _ -> new ArrayList<>())
                                .add(member.memberId())));
        return readers;
    }
}
