package io.vitrine.timeline;

import java.util.Optional;

/// Something that happened to a group.
///
/// @param timestampMs when it did; for what was read from the log, when it was written
/// @param epoch the generation of a classic group, the group or member epoch of another; -1 if it has to do with none
/// @param memberId empty if it is the whole group's
/// @param cause of a rebalance, or of a member's end
/// @param detail in words, with what the client gave as its reason
/// @param origin how it is known
/// @param repeats how often the same happened in a row
public record TimelineEvent(
        long timestampMs,
        Kind kind,
        int epoch,
        String memberId,
        Optional<RebalanceCause> cause,
        String detail,
        Origin origin,
        Repeats repeats) {
    private static final int MAX_LENGTH = 300;
    private static final int BYTES = 120;

    /// What happened.
    public enum Kind {
        /// A member asked to become one, or to join again.
        JOIN,
        /// A member asked to leave, or somebody asked it for the member.
        LEAVE,
        /// The coordinator ended a membership because it heard nothing of the member, or not what it waited for.
        EXPIRED,
        /// A static member came back and took over from the one it was.
        REPLACED,
        /// A member wants to read other topics.
        SUBSCRIPTION_CHANGED,
        /// A streams group has a topology, or another one.
        TOPOLOGY_CHANGED,
        /// A member was told that it is none, or that it must not do what it asked.
        REFUSED,
        /// A rebalance has ended (classic) or begun (newer protocols), with its cause.
        REBALANCED,
        /// Who is to read what was decided.
        ASSIGNED,
        /// A member took over what it is to read, or is on its way to it.
        RECONCILED,
        /// The last member is gone.
        EMPTY,
        /// The group changed its protocol.
        CONVERTED,
        DELETED
    }

    /// How something is known.
    public enum Origin {
        SEEN,
        /// Concluded from other things: Kafka's coordinator does not tell everything it does.
        INFERRED,
        /// Read from the log at a start of the broker.
        REPLAYED
    }

    /// How often something happened, and when last.
    public record Repeats(int times, long lastTimestampMs) {
        Repeats again(long timestampMs) {
            return new Repeats(times == Integer.MAX_VALUE ? times : times + 1, timestampMs);
        }
    }

    public TimelineEvent {
        detail = cut(detail);
        memberId = cut(memberId);
    }

    static TimelineEvent of(long timestampMs, Kind kind, int epoch, String memberId, String detail) {
        return new TimelineEvent(
                timestampMs, kind, epoch, memberId, Optional.empty(), detail, Origin.SEEN, new Repeats(1, timestampMs));
    }

    TimelineEvent because(RebalanceCause newCause) {
        return new TimelineEvent(timestampMs, kind, epoch, memberId, Optional.of(newCause), detail, origin, repeats);
    }

    TimelineEvent asInferred() {
        return from(Origin.INFERRED);
    }

    TimelineEvent asReplayed(boolean wasReplayed) {
        return wasReplayed ? from(Origin.REPLAYED) : this;
    }

    /// The same once more.
    TimelineEvent again(long newTimestampMs) {
        return new TimelineEvent(
                timestampMs, kind, epoch, memberId, cause, detail, origin, repeats.again(newTimestampMs));
    }

    private TimelineEvent from(Origin newOrigin) {
        return new TimelineEvent(timestampMs, kind, epoch, memberId, cause, detail, newOrigin, repeats);
    }

    boolean isSameAs(TimelineEvent other) {
        return kind == other.kind
                && epoch == other.epoch
                && memberId.equals(other.memberId)
                && cause.equals(other.cause)
                && detail.equals(other.detail)
                && origin == other.origin;
    }

    /// About how much memory it takes.
    int sizeInBytes() {
        return BYTES + memberId.length() + detail.length();
    }

    static String cut(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    }
}
