package io.vitrine.share;

/// Records that a member has been given.
///
/// @param deliveryCount how often they have been given to somebody, this time included
public record AcquiredRecords(long firstOffset, long lastOffset, int deliveryCount) {
    long count() {
        return lastOffset - firstOffset + 1;
    }
}
