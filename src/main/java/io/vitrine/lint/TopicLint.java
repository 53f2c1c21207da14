package io.vitrine.lint;

import static io.vitrine.lint.LintRule.Advice.note;
import static io.vitrine.lint.LintRule.Advice.risk;
import static io.vitrine.lint.LintRule.Advice.warning;

import io.vitrine.lint.LintFacts.Topic;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/// Rules about topics and their configs.
final class TopicLint {
    private static final long UNLIMITED = -1;
    private static final long SHORT_RETENTION_MS = Duration.ofHours(1).toMillis();
    /// What Kafka accepts; this broker takes less, for tests of rolling.
    private static final long LEAST_SEGMENT_BYTES = 1024 * 1024;
    /// `max.partition.fetch.bytes` and `max.request.size` of Kafka's clients.
    private static final long CLIENT_DEFAULT_BYTES = 1024 * 1024;
    private static final long BATCH_OVERHEAD = 12;

    static final List<LintRule> RULES = List.of(
            risk(
                            "MIN_INSYNC_REPLICAS_ABOVE_REPLICAS",
                            "acks=all is refused with NOT_ENOUGH_REPLICAS as long as there are fewer replicas in sync.",
                            "Give the topic at least so many replicas, or set min.insync.replicas lower.")
                    .where(topics(
                            topic -> topic.number("min.insync.replicas") > topic.replicas(),
                            topic -> topic.finding("min.insync.replicas").with("replicas", topic.replicas()))),
            warning(
                            "RETENTION_UNLIMITED",
                            "The topic grows until the disks of its brokers are full.",
                            "Set retention.ms or retention.bytes, or cleanup.policy=compact where the last record of each key"
                                    + " is enough.")
                    .where(topics(
                            topic -> !topic.isCompacted()
                                    && (!topic.isDeleted()
                                            || (topic.number("retention.ms") == UNLIMITED
                                                    && topic.number("retention.bytes") == UNLIMITED)),
                            topic -> topic.finding("cleanup.policy")
                                    .with("retention.ms", topic.config("retention.ms"))
                                    .with("retention.bytes", topic.config("retention.bytes"))
                                    .with("sizeBytes", topic.sizeBytes()))),
            risk(
                            "RETENTION_SHORT",
                            "A consumer that is down for longer has lost records when it comes back.",
                            "Set retention.ms to what the longest outage of a consumer may take.")
                    .where(topics(
                            topic -> topic.isDeleted()
                                    && topic.number("retention.ms") >= 0
                                    && topic.number("retention.ms") < SHORT_RETENTION_MS,
                            topic -> topic.finding("retention.ms"))),
            warning(
                            "SEGMENTS_TOO_SMALL_FOR_KAFKA",
                            "Apache Kafka does not accept a topic with such segments, and would have very many files open.",
                            "Set segment.bytes to 1048576 or more.")
                    .where(topics(
                            topic -> topic.number("segment.bytes") < LEAST_SEGMENT_BYTES,
                            topic -> topic.finding("segment.bytes"))),
            warning(
                            "COMPACTION_NEVER_RUNS",
                            "Nothing is ever compacted: the topic keeps every record, and readers of the whole get slower.",
                            "Set min.cleanable.dirty.ratio below 1, or max.compaction.lag.ms.")
                    .where(topics(
                            topic -> topic.isCompacted()
                                    && Double.parseDouble(topic.config("min.cleanable.dirty.ratio")) >= 1
                                    && topic.number("max.compaction.lag.ms") == Long.MAX_VALUE,
                            topic -> topic.finding("min.cleanable.dirty.ratio")
                                    .with("max.compaction.lag.ms", topic.config("max.compaction.lag.ms")))),
            note(
                            "COMPACTION_WAITS_FOR_FIRST_SEGMENT",
                            "The newest segment is not compacted before it is full or segment.ms old, and the topic is"
                                    + " smaller than one segment.",
                            "Set segment.ms or segment.bytes lower, or max.compaction.lag.ms.")
                    .where(topics(
                            topic -> topic.isCompacted()
                                    && topic.sizeBytes() > 0
                                    && topic.sizeBytes() < topic.number("segment.bytes")
                                    && topic.number("max.compaction.lag.ms") == Long.MAX_VALUE,
                            topic -> topic.finding("cleanup.policy")
                                    .with("segment.bytes", topic.config("segment.bytes"))
                                    .with("segment.ms", topic.config("segment.ms"))
                                    .with("sizeBytes", topic.sizeBytes()))),
            note(
                            "RECORDS_ABOVE_CLIENT_DEFAULTS",
                            "Producers on defaults refuse larger records themselves, and each fetch of one takes as much"
                                    + " memory in every consumer and follower.",
                            "Raise max.request.size of producers with it, or set max.message.bytes lower.")
                    .where(topics(
                            topic -> topic.number("max.message.bytes") > CLIENT_DEFAULT_BYTES + BATCH_OVERHEAD,
                            topic -> topic.finding("max.message.bytes"))),
            risk(
                            "UNCLEAN_ELECTION",
                            "When all replicas in sync are away, one that lacks records becomes the leader, and they are lost.",
                            "Set unclean.leader.election.enable=false.")
                    .where(topics(
                            topic -> Boolean.parseBoolean(topic.config("unclean.leader.election.enable")),
                            topic -> topic.finding("unclean.leader.election.enable"))),
            note(
                            "FLUSH_EACH_RECORD",
                            "Each replica forces each batch to disk by itself; here one flush serves all that wait.",
                            "Leave flush.messages at its default where replicas are what keeps the records.")
                    .where(topics(
                            topic -> topic.number("flush.messages") == 1, topic -> topic.finding("flush.messages"))));

    private TopicLint() {}

    private static Function<LintFacts, List<LintFinding>> topics(
            Predicate<Topic> applies, Function<Topic, LintFinding> finding) {
        return facts -> facts.topics().stream().filter(applies).map(finding).toList();
    }
}
