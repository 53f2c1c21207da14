package io.vitrine.group;

/// Hears of every record that becomes part of the groups' state, in order within each partition of
/// `__consumer_offsets`: first those read from the log, then those written.
@FunctionalInterface
public interface GroupRecordListener {
    /// Called on the threads of the coordinator and its loader: it must be quick.
    void recorded(GroupRecord record);

    /// Does it want to hear of records of this type, which `key` would have as its `apiKey()`? What nobody wants to
    /// hear of need not be decoded.
    default boolean wants(short type) {
        return true;
    }
}
