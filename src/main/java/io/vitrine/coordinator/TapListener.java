package io.vitrine.coordinator;

/// Hears of every record that becomes part of a coordinator's state, in order within each partition of its topic:
/// first those read from the log, then those written.
@FunctionalInterface
public interface TapListener {
    /// Called on the threads of the coordinator and its loader: it must be quick.
    void recorded(TappedRecord record);

    /// Does it want to hear of records of this type, which `key` would have as its `apiKey()`? What nobody wants to
    /// hear of need not be decoded.
    default boolean wants(short type) {
        return true;
    }
}
