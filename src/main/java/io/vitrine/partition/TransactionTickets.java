package io.vitrine.partition;

import io.vitrine.record.RecordBatch;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tickets of one partition, by producer; of too many the eldest goes. Guarded by the partition's append lock.
final class TransactionTickets {
    private static final int MAX_TICKETS = 2_000;

    private final Map<Long, TransactionTicket> tickets = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, TransactionTicket> eldest) {
            return size() > MAX_TICKETS;
        }
    };

    /// The ticket for a batch that is about to begin a transaction.
    TransactionTicket take(Asked asked, long nowMs) {
        var ticket = tickets.get(asked.producerId());
        if (ticket == null) {
            ticket = new TransactionTicket(asked.producerEpoch(), asked.sequence(), asked.bumpsEpochs(), nowMs);
            tickets.put(asked.producerId(), ticket);
        } else {
            ticket.share(asked.producerEpoch(), asked.sequence());
        }
        return ticket;
    }

    /// For whom.
    ///
    /// @param sequence of the first record of the batch; 0 if a coordinator writes it
    record Asked(long producerId, short producerEpoch, int sequence, boolean bumpsEpochs) {}

    /// Is it good still?
    boolean isValid(long producerId, @Nullable TransactionTicket ticket) {
        return ticket != null && tickets.get(producerId) == ticket;
    }

    /// A batch of a transaction was appended: it is open now, or over. Since version 2 a marker has the epoch of the
    /// transaction that follows, for which somebody may have asked already.
    void appended(RecordBatch batch) {
        var ticket = tickets.isEmpty() ? null : tickets.get(batch.producerId());
        if (ticket != null) {
            boolean isOfNext = ticket.bumpsEpochs()
                    && batch.attributes().isControl()
                    && batch.producerEpoch() == ticket.producerEpoch();
            if (!isOfNext) {
                tickets.remove(batch.producerId());
            }
        }
    }

    /// Forgets those that were asked for at or before `timestampMs`.
    void forgetUpTo(long timestampMs) {
        tickets.values().removeIf(ticket -> ticket.askedMs() <= timestampMs);
    }
}
