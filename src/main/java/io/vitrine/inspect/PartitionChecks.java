package io.vitrine.inspect;

import io.vitrine.group.CommittedOffset;
import io.vitrine.group.GroupMember;
import io.vitrine.inspect.Finding.Kind;
import io.vitrine.log.DamagedRange;
import io.vitrine.log.Offsets;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.partition.PartitionReaders.Reading;
import io.vitrine.partition.ReadOutcome;
import io.vitrine.record.BatchSlice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Looks at the partitions of a group for what keeps their readers from getting on.
final class PartitionChecks {
    // A batch may be large.
    private static final int MAX_BATCHES_READ = 50;

    private final PartitionLogService partitions;

    PartitionChecks(PartitionLogService partitions) {
        this.partitions = partitions;
    }

    /// One partition and what the group has to do with it.
    ///
    /// @param reader who is to read it; empty if nobody is
    /// @param committed empty if nothing is
    /// @param reading where its reader was last seen; empty if it never fetched
    private record Case(
            Partition partition,
            Offsets offsets,
            Optional<GroupMember> reader,
            Optional<CommittedOffset> committed,
            Optional<Reading> reading) {

        TopicPartition name() {
            return partition.name();
        }

        /// Where the next record is read: by the last fetch, else as committed. What was committed after the last
        /// fetch has been read, whatever was fetched before it.
        Optional<Long> position() {
            return reading.map(found -> committed
                            .filter(done -> done.timestamp() != null && done.timestamp() > found.lastAskedMs())
                            .map(done -> Math.max(done.offset(), found.offset()))
                            .orElse(found.offset()))
                    .or(() -> committed.map(CommittedOffset::offset));
        }

        Evidence evidence() {
            var evidence = new Evidence();
            committed.ifPresent(found -> evidence.with("committedOffset", found.offset()));
            reading.ifPresent(found -> evidence.with("fetchOffset", found.offset())
                    .with("lastFetchIso", MemberChecks.iso(found.lastAskedMs())));
            return evidence.with("logStartOffset", offsets.logStartOffset())
                    .with("lastStableOffset", offsets.lastStableOffset())
                    .with("highWatermark", offsets.highWatermark());
        }

        Finding finding(Kind kind, String text, Evidence evidence) {
            return Finding.of(kind, name(), text, evidence.all()).by(reader.map(GroupMember::id));
        }
    }

    List<Finding> check(GroupFacts facts) {
        var readers = facts.readers();
        var names = new HashSet<>(readers.keySet());
        names.addAll(facts.committed().keySet());
        var findings = new ArrayList<Finding>();
        var batchesRead = new AtomicInteger();
        names.stream()
                .sorted(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition))
                .forEach(name -> partitions
                        .find(name)
                        .ifPresent(partition -> check(
                                facts, partition, Optional.ofNullable(readers.get(name)), batchesRead, findings)));
        return findings;
    }

    private static void check(
            GroupFacts facts,
            Partition partition,
            Optional<GroupMember> reader,
            AtomicInteger batchesRead,
            List<Finding> findings) {
        var offline = partition.offlineReason();
        var committed = Optional.ofNullable(facts.committed().get(partition.name()));
        offline.ifPresent(reason -> findings.add(Finding.of(
                        Kind.PARTITION_OFFLINE,
                        partition.name(),
                        "The partition is offline: " + reason,
                        Evidence.of("reason", reason))
                .by(reader.map(GroupMember::id))));
        partition.findOffsets().ifPresent(offsets -> {
            var reading = reader.flatMap(member -> findReading(partition, member));
            var some = new Case(partition, offsets, reader, committed, reading);
            checkCommitted(some, findings);
            checkPosition(some, findings);
            checkReading(facts, some, findings);
            some.position()
                    .filter(position -> position >= offsets.logStartOffset() && position < offsets.highWatermark())
                    .filter(_ -> batchesRead.incrementAndGet() <= MAX_BATCHES_READ)
                    .ifPresent(position -> checkNextBatch(some, position, findings));
        });
    }

    /// What a member fetches is told from its client id and host, which another consumer may share.
    private static Optional<Reading> findReading(Partition partition, GroupMember member) {
        var host = member.host().startsWith("/") ? member.host().substring(1) : member.host();
        return partition.reads().readers().list().stream()
                .filter(reading -> reading.isFrom(member.clientId(), host))
                .findFirst();
    }

    private static void checkCommitted(Case some, List<Finding> findings) {
        if (some.committed().isEmpty()) {
            if (some.reader().isPresent()) {
                findings.add(some.finding(
                        Kind.NOTHING_COMMITTED,
                        "Nothing is committed: a member that starts here begins where its auto.offset.reset says.",
                        some.evidence()));
            }
            return;
        }
        long committed = some.committed().get().offset();
        var offsets = some.offsets();
        if (committed < offsets.logStartOffset()) {
            long lost = offsets.logStartOffset() - committed;
            findings.add(some.finding(
                    Kind.COMMITTED_BELOW_LOG_START,
                    "Up to %d records from the committed offset on are deleted; who starts there is reset by its auto.offset.reset."
                            .formatted(lost),
                    some.evidence().with("lostOffsets", lost)));
        } else if (committed > offsets.logEndOffset()) {
            findings.add(some.finding(
                    Kind.COMMITTED_BEYOND_END,
                    "The committed offset is %d behind the end of the log; who starts there is reset by its auto.offset.reset."
                            .formatted(committed - offsets.logEndOffset()),
                    some.evidence().with("logEndOffset", offsets.logEndOffset())));
        }
    }

    private static void checkPosition(Case some, List<Finding> findings) {
        some.position().ifPresent(position -> {
            var offsets = some.offsets();
            if (position >= offsets.lastStableOffset() && position < offsets.highWatermark()) {
                var holder = StableOffsetHolder.find(some.partition());
                findings.add(some.finding(
                        Kind.HELD_BY_TRANSACTION,
                        "A consumer that reads committed records only waits for an open transaction to end.",
                        holder.map(found -> some.evidence()
                                        .with("producerId", found.producerId())
                                        .with("producerEpoch", found.producerEpoch())
                                        .with("transactionFirstOffset", found.firstOffset())
                                        .with("transactionSinceIso", MemberChecks.iso(found.sinceMs())))
                                .orElseGet(some::evidence)));
            }
        });
    }

    /// Reads the batch that is to be read next, as the consumer will, who refuses it if its checksum is wrong.
    private static void checkNextBatch(Case some, long position, List<Finding> findings) {
        switch (some.partition().read(position, 1)) {
            case ReadOutcome.Damaged<BatchSlice>(DamagedRange range) ->
                findings.add(damaged(some, range.reason(), range.firstOffset(), range.nextOffset()));
            case ReadOutcome.Batches<BatchSlice>(BatchSlice slice, Offsets _) -> {
                if (!slice.isEmpty()) {
                    var batch = slice.batches().iterator().next();
                    if (batch.crc() != batch.computedCrc()) {
                        findings.add(damaged(
                                some,
                                "the checksum of the batch is %d, its bytes have %d"
                                        .formatted(batch.crc(), batch.computedCrc()),
                                batch.baseOffset(),
                                batch.nextOffset()));
                    }
                }
            }
            case ReadOutcome.OutOfRange<BatchSlice> _,
                    ReadOutcome.StorageFailed<BatchSlice> _,
                    ReadOutcome.Deleted<BatchSlice> _ -> {
                // Found by the other checks.
            }
        }
    }

    private static Finding damaged(Case some, String reason, long firstOffset, long nextOffset) {
        return some.finding(
                Kind.DAMAGED_RANGE,
                "What is to be read next is damaged: %s. Reading can go on at offset %d.".formatted(reason, nextOffset),
                some.evidence().with("firstDamagedOffset", firstOffset).with("nextOffset", nextOffset));
    }

    private static void checkReading(GroupFacts facts, Case some, List<Finding> findings) {
        long position = some.position().orElse(some.offsets().logStartOffset());
        if (some.reader().isEmpty()
                || !facts.isSettled()
                || position >= some.offsets().highWatermark()) {
            return;
        }
        var reading = some.reading();
        if (reading.isEmpty()) {
            findings.add(some.finding(
                    Kind.NOT_FETCHING,
                    "Its member has not fetched from it since the broker started: it has paused the partition, or is busy.",
                    some.evidence().with("clientId", some.reader().get().clientId())));
        } else if (facts.nowMs() - reading.get().lastAskedMs() > facts.silentMs()) {
            findings.add(some.finding(
                    Kind.NOT_FETCHING,
                    "Its member has not fetched from it for %d ms: it has paused the partition, or is busy with what it has."
                            .formatted(facts.nowMs() - reading.get().lastAskedMs()),
                    some.evidence().with("clientId", reading.get().clientId())));
        }
    }
}
