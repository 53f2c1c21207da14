package io.vitrine.lint;

import static io.vitrine.lint.LintRule.Advice.note;
import static io.vitrine.lint.LintRule.Advice.risk;
import static io.vitrine.lint.LintRule.Advice.warning;

import io.vitrine.lint.LintFacts.Listener;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/// Rules about the broker and its settings.
final class BrokerLint {
    static final String REST = "REST";

    private static final int KAFKAS_LEAST_SESSION_MS = 6_000;
    private static final int MINUTES_OF_A_DAY = 24 * 60;

    static final List<LintRule> RULES = List.of(
            warning(
                            "ONE_REPLICA",
                            "A topic with one replica is away while its broker is, and lost with its disk; a cluster would"
                                    + " have three.",
                            "Nothing to change here: this broker is the only place there is. Create topics with replication"
                                    + " factor 3 on the cluster.")
                    .where(broker(
                            facts -> !facts.topics().isEmpty(),
                            facts -> LintFinding.ofBroker(
                                            "topics", facts.topics().size())
                                    .with(
                                            "replicas",
                                            facts.topics().stream()
                                                    .mapToInt(LintFacts.Topic::replicas)
                                                    .min()
                                                    .orElse(0)))),
            note(
                            "MIN_INSYNC_REPLICAS_ONE",
                            "acks=all waits for the leader alone when its followers are behind; what it has acknowledged may be"
                                    + " lost with it. Here it is on disk.",
                            "Set min.insync.replicas=2 on a cluster with three replicas.")
                    .where(broker(
                            facts -> facts.number("min.insync.replicas") == 1,
                            facts ->
                                    LintFinding.ofBroker("min.insync.replicas", facts.setting("min.insync.replicas")))),
            warning(
                            "METADATA_ON_ONE_DISK",
                            "Three controllers would keep the metadata log; here all topics and configs are lost with the one"
                                    + " disk that has it.",
                            "Back up __cluster_metadata-0 with the data.")
                    .where(broker(
                            _ -> true,
                            facts -> LintFinding.ofBroker("voters", 1).with("node.id", facts.setting("node.id")))),
            risk(
                            "ACKS_NOT_ALL",
                            "Records that only the leader has, or that nobody has acknowledged, are lost when it fails.",
                            "Set acks=all in these producers, which is the default of Kafka's Java client.")
                    .where(broker(
                            facts -> facts.producers().acksNone()
                                            + facts.producers().acksLeader()
                                    > 0,
                            facts -> new LintFinding(
                                            "producers",
                                            Map.of("acks=0", facts.producers().acksNone()))
                                    .with("acks=1", facts.producers().acksLeader())
                                    .with("acks=all", facts.producers().acksAll()))),
            risk(
                            "ACKS_ALL_FROM_MEMORY",
                            "On a cluster other brokers have the record too. Here it is in the memory of this machine alone"
                                    + " when it is acknowledged, and lost with a power failure.",
                            "Set vitrine.acks.all.fsync=true.")
                    .where(broker(
                            facts -> !facts.flag("vitrine.acks.all.fsync"),
                            facts -> LintFinding.ofBroker(
                                    "vitrine.acks.all.fsync", facts.setting("vitrine.acks.all.fsync")))),
            warning(
                            "TOPICS_MADE_ON_DEMAND",
                            "A mistyped name makes a topic, with the defaults of the broker for partitions and replicas; most"
                                    + " clusters have it switched off, and clients get UNKNOWN_TOPIC_OR_PARTITION.",
                            "Set auto.create.topics.enable=false and create topics before they are used.")
                    .where(broker(
                            facts -> facts.flag("auto.create.topics.enable"),
                            facts -> LintFinding.ofBroker(
                                            "auto.create.topics.enable", facts.setting("auto.create.topics.enable"))
                                    .with("num.partitions", facts.setting("num.partitions")))),
            risk(
                            "PLAINTEXT_BEYOND_THIS_MACHINE",
                            "Whoever can reach the port reads and writes everything, and whoever is in between listens.",
                            "Bind it to an address that only friends reach (listeners=PLAINTEXT://127.0.0.1:9092).")
                    .where(listeners(listener -> !listener.name().equals(REST) && listener.beyondThisMachine())),
            risk(
                            "REST_BEYOND_THIS_MACHINE",
                            "Whoever can reach the port reads every record and may write and delete.",
                            "Set vitrine.http.host=127.0.0.1.")
                    .where(listeners(listener -> listener.name().equals(REST) && listener.beyondThisMachine())),
            note(
                            "NOTHING_ADVERTISED",
                            "Clients are told the address they have come to; Apache Kafka tells them the listener's host, or"
                                    + " the name of the machine, which they may not be able to reach.",
                            "Set advertised.listeners.")
                    .where(listeners(listener ->
                            !listener.name().equals(REST) && listener.beyondThisMachine() && !listener.advertised())),
            note(
                            "QUICK_REBALANCES",
                            "Each member that starts in a new classic group makes it rebalance once more.",
                            "Set group.initial.rebalance.delay.ms=3000, which is Kafka's default.")
                    .where(broker(
                            facts -> facts.number("group.initial.rebalance.delay.ms") == 0,
                            facts -> LintFinding.ofBroker(
                                    "group.initial.rebalance.delay.ms",
                                    facts.setting("group.initial.rebalance.delay.ms")))),
            note(
                            "SHORT_SESSIONS",
                            "Consumers may ask for sessions that a cluster refuses with INVALID_SESSION_TIMEOUT, and that"
                                    + " every pause of a process breaks.",
                            "Set group.min.session.timeout.ms=6000, which is Kafka's default.")
                    .where(broker(
                            facts -> facts.number("group.min.session.timeout.ms") < KAFKAS_LEAST_SESSION_MS,
                            facts -> LintFinding.ofBroker(
                                    "group.min.session.timeout.ms", facts.setting("group.min.session.timeout.ms")))),
            risk(
                            "OFFSETS_FORGOTTEN_SOON",
                            "A group without members for so long begins anew, at the end or the start of its topics.",
                            "Set offsets.retention.minutes=10080, which is Kafka's default.")
                    .where(broker(
                            facts -> facts.number("offsets.retention.minutes") < MINUTES_OF_A_DAY,
                            facts -> LintFinding.ofBroker(
                                    "offsets.retention.minutes", facts.setting("offsets.retention.minutes")))),
            warning(
                            "COMPACTION_OFF",
                            "No topic is compacted, __consumer_offsets among them, which then grows without end.",
                            "Set log.cleaner.enable=true.")
                    .where(broker(
                            facts -> !facts.flag("log.cleaner.enable"),
                            facts -> LintFinding.ofBroker("log.cleaner.enable", facts.setting("log.cleaner.enable")))),
            warning(
                            "MORE_MEMBERS_THAN_PARTITIONS",
                            "As here, the members beyond the number of partitions read nothing; more partitions can be added,"
                                    + " but keys move to others then.",
                            "Give the topics as many partitions as the group may ever have members.")
                    .where(facts -> facts.groups().stream()
                            .filter(group -> group.members() > group.partitions())
                            .map(group -> new LintFinding("group " + group.id(), Map.of("members", group.members()))
                                    .with("partitions", group.partitions()))
                            .toList()));

    private BrokerLint() {}

    private static Function<LintFacts, List<LintFinding>> broker(
            Predicate<LintFacts> applies, Function<LintFacts, LintFinding> finding) {
        return facts -> applies.test(facts) ? List.of(finding.apply(facts)) : List.of();
    }

    private static Function<LintFacts, List<LintFinding>> listeners(Predicate<Listener> applies) {
        return facts -> facts.listeners().stream()
                .filter(applies)
                .map(listener -> new LintFinding("listener " + listener.name(), Map.of("address", listener.address())))
                .toList();
    }
}
