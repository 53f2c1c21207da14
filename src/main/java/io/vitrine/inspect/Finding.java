package io.vitrine.inspect;

import io.vitrine.metadata.TopicPartition;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Something that keeps a consumer from getting on, or may.
///
/// @param severity that of its kind, or less if nothing is held up at this moment
/// @param explanation in words, for people
/// @param evidence the numbers it was concluded from, by name, in order
public record Finding(
        Kind kind,
        Severity severity,
        Optional<String> memberId,
        Optional<TopicPartition> partition,
        String explanation,
        Map<String, Object> evidence) {
    public Finding {
        evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
    }

    /// How bad it is.
    public enum Severity {
        /// Nothing is read as long as it is so.
        STUCK,
        /// Less is read than could be, or some is lost.
        WARNING,
        /// Worth to know.
        NOTE
    }

    /// What was found.
    public enum Kind {
        GROUP_NOT_SERVED(Severity.STUCK),
        NO_MEMBERS(Severity.STUCK),
        ALL_READ(Severity.NOTE),
        REBALANCING(Severity.STUCK),
        TOPIC_MISSING(Severity.STUCK),
        MEMBER_WITHOUT_PARTITIONS(Severity.NOTE),
        MEMBER_SILENT(Severity.STUCK),
        TOPIC_NOT_SUBSCRIBED(Severity.WARNING),
        PARTITION_OFFLINE(Severity.STUCK),
        DAMAGED_RANGE(Severity.STUCK),
        HELD_BY_TRANSACTION(Severity.STUCK),
        NOT_FETCHING(Severity.STUCK),
        FETCH_REFUSED(Severity.STUCK),
        COMMITS_REFUSED(Severity.WARNING),
        COMMITTED_BELOW_LOG_START(Severity.WARNING),
        COMMITTED_BEYOND_END(Severity.WARNING),
        LAG_GROWS(Severity.WARNING),
        TOPIC_GONE(Severity.WARNING),
        RECORDS_REDELIVERED(Severity.WARNING),
        RECORDS_HELD(Severity.NOTE),
        NOTHING_COMMITTED(Severity.NOTE);

        private final Severity severity;

        Kind(Severity severity) {
            this.severity = severity;
        }

        public Severity severity() {
            return severity;
        }
    }

    static Finding ofGroup(Kind kind, String explanation, Map<String, Object> evidence) {
        return new Finding(kind, kind.severity(), Optional.empty(), Optional.empty(), explanation, evidence);
    }

    static Finding of(Kind kind, String memberId, String explanation, Map<String, Object> evidence) {
        return new Finding(kind, kind.severity(), Optional.of(memberId), Optional.empty(), explanation, evidence);
    }

    static Finding of(Kind kind, TopicPartition partition, String explanation, Map<String, Object> evidence) {
        return new Finding(kind, kind.severity(), Optional.empty(), Optional.of(partition), explanation, evidence);
    }

    /// The same as something of this member.
    Finding by(Optional<String> newMemberId) {
        return new Finding(kind, severity, newMemberId, partition, explanation, evidence);
    }

    /// The same where there is nothing to read at this moment: what will hold up the next record holds up none yet.
    Finding whereAllIsRead() {
        var lowered = severity == Severity.STUCK ? Severity.WARNING : severity;
        return new Finding(kind, lowered, memberId, partition, explanation, evidence);
    }
}
