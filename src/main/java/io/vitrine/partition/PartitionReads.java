package io.vitrine.partition;

import io.vitrine.log.DamagedRange;
import io.vitrine.log.DamagedRangeException;
import io.vitrine.log.LogSlice;
import io.vitrine.log.PartitionLog;
import io.vitrine.record.BatchSlice;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads of one partition, through whatever log it has at the moment. Thread-safe.
public final class PartitionReads {
    private static final Logger log = LoggerFactory.getLogger(PartitionReads.class);

    private final Partition partition;
    private final PartitionReaders readers = new PartitionReaders();
    private final Supplier<@Nullable PartitionLog> current;

    /// @param current null if the log could not be opened, or the topic was deleted
    PartitionReads(Partition partition, Supplier<@Nullable PartitionLog> current) {
        this.partition = partition;
        this.current = current;
    }

    @FunctionalInterface
    private interface Read<T> {
        T from(PartitionLog source) throws IOException;
    }

    /// Who fetches from the partition.
    public PartitionReaders readers() {
        return readers;
    }

    /// Reads whole batches, beginning with the one that holds `offset`, to look at them.
    ///
    /// @param maxBytes how much to return; the first batch comes whole even if it is larger
    ReadOutcome<BatchSlice> read(long offset, int maxBytes) {
        return find(offset, source -> source.read(offset, maxBytes));
    }

    /// The same, to send them. Where they lie in a file, that is not read.
    ///
    /// @param maxBytes how much to return; the first batch comes whole even if it is larger
    /// @param isolation where it is [Isolation#READ_COMMITTED], nothing from the first open transaction on is
    ///     returned, and with the batches come the aborted transactions in them
    public ReadOutcome<LogSlice> fetch(long offset, int maxBytes, Isolation isolation) {
        return find(
                offset,
                source -> isolation == Isolation.READ_COMMITTED
                        ? source.fetches().readCommitted(offset, maxBytes)
                        : source.fetches().read(offset, maxBytes));
    }

    /// Would a fetch there have to wait for the disk?
    public boolean isCold(long offset, int maxBytes, Isolation isolation) {
        var source = current.get();
        return source != null && source.fetches().isCold(offset, maxBytes, isolation == Isolation.READ_COMMITTED);
    }

    /// Brings what a fetch there needs from the disk into memory. If that fails, the fetch will say why.
    ///
    /// @return how many bytes
    public int load(long offset, int maxBytes, Isolation isolation) {
        var source = current.get();
        try {
            boolean committed = isolation == Isolation.READ_COMMITTED;
            return source == null ? 0 : source.fetches().load(offset, maxBytes, committed);
        } catch (IOException | IllegalArgumentException e) {
            log.debug("{}: loading at offset {} failed", partition.name(), offset, e);
            return 0;
        }
    }

    /// What can't be read, in order of the offsets.
    public List<DamagedRange> damagedRanges() {
        var source = current.get();
        return source == null ? List.of() : source.damagedRanges();
    }

    private <T> ReadOutcome<T> find(long offset, Read<T> read) {
        var source = current.get();
        if (source == null) {
            return partition.isDeleted()
                    ? new ReadOutcome.Deleted<>()
                    : new ReadOutcome.StorageFailed<>(partition.offlineReason().orElse("there is no log"));
        }
        var offsets = source.offsets();
        if (offset < offsets.logStartOffset() || offset > offsets.highWatermark()) {
            return new ReadOutcome.OutOfRange<>(offset, offsets);
        }
        try {
            var found = read.from(source);
            // Asked for again, so that nothing that was found lies behind its high watermark.
            return new ReadOutcome.Batches<>(found, source.offsets());
        } catch (IllegalArgumentException e) {
            // The log start has risen since.
            return new ReadOutcome.OutOfRange<>(offset, source.offsets());
        } catch (DamagedRangeException e) {
            return new ReadOutcome.Damaged<>(e.range());
        } catch (IOException e) {
            if (current.get() != source) {
                return find(offset, read);
            }
            log.warn("{}: reading at offset {} failed", partition.name(), offset, e);
            return new ReadOutcome.StorageFailed<>(String.valueOf(e.getMessage()));
        }
    }
}
