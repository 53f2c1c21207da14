package io.vitrine.partition;

import io.vitrine.record.Refusal;

/// Hears of every append, once for each batch, on the thread that appended: it must be quick.
public interface AppendObserver {
    /// For as long as nobody observes.
    AppendObserver NONE = new AppendObserver() {
        @Override
        public void appended(String topic, int recordCount, int sizeInBytes, long nanos) {}

        @Override
        public void refused(String topic, Refusal.Reason reason) {}

        @Override
        public void repeated(String topic) {}

        @Override
        public void flushed(String topic, int answered, long nanos) {}
    };

    /// A batch was written.
    ///
    /// @param nanos from the first check to the end of the write; waiting for an fsync is not part of it
    void appended(String topic, int recordCount, int sizeInBytes, long nanos);

    /// A batch was refused.
    void refused(String topic, Refusal.Reason reason);

    /// A batch was there already: a retry of an idempotent producer, which is not written again.
    void repeated(String topic);

    /// A log was forced to disk.
    ///
    /// @param answered appends that had waited for it
    /// @param nanos how long the disk took
    void flushed(String topic, int answered, long nanos);
}
