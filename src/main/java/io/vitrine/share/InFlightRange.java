package io.vitrine.share;

import org.jspecify.annotations.Nullable;

/// Records in flight, one behind the other, that the same has become of.
///
/// @param deliveryCount how often they were given to somebody
/// @param member who holds them; empty unless they are acquired
/// @param lockUntilMs until when, in milliseconds of the epoch; 0 unless they are acquired
/// @param becoming what they will be when that is on disk; null if nothing is being written of them
/// @param write the number of the write that says so; 0 if there is none
public record InFlightRange(
        long firstOffset,
        long lastOffset,
        DeliveryState state,
        int deliveryCount,
        String member,
        long lockUntilMs,
        @Nullable DeliveryState becoming,
        long write) {

    static InFlightRange of(long firstOffset, long lastOffset, DeliveryState state, int deliveryCount) {
        return new InFlightRange(firstOffset, lastOffset, state, deliveryCount, "", 0, null, 0);
    }

    long count() {
        return lastOffset - firstOffset + 1;
    }

    boolean isFree() {
        return state == DeliveryState.AVAILABLE && becoming == null;
    }

    boolean isHeld() {
        return state == DeliveryState.ACQUIRED && becoming == null;
    }

    boolean isOver() {
        return state.isFinal() && becoming == null;
    }

    InFlightRange between(long first, long last) {
        return new InFlightRange(first, last, state, deliveryCount, member, lockUntilMs, becoming, write);
    }

    InFlightRange acquiredBy(String newMember, long untilMs) {
        return new InFlightRange(
                firstOffset, lastOffset, DeliveryState.ACQUIRED, deliveryCount + 1, newMember, untilMs, null, 0);
    }

    InFlightRange becoming(DeliveryState next, long newWrite) {
        return new InFlightRange(firstOffset, lastOffset, state, deliveryCount, member, lockUntilMs, next, newWrite);
    }

    InFlightRange lockedUntil(long untilMs) {
        return new InFlightRange(firstOffset, lastOffset, state, deliveryCount, member, untilMs, becoming, write);
    }

    /// What was said of them has been written.
    InFlightRange settled() {
        return becoming == null ? this : of(firstOffset, lastOffset, becoming, deliveryCount);
    }

    /// What was said of them could not be written.
    InFlightRange reverted() {
        return new InFlightRange(firstOffset, lastOffset, state, deliveryCount, member, lockUntilMs, null, 0);
    }

    boolean isLike(InFlightRange other) {
        return state == other.state
                && deliveryCount == other.deliveryCount
                && lockUntilMs == other.lockUntilMs
                && becoming == other.becoming
                && write == other.write
                && member.equals(other.member);
    }
}
