package io.vitrine.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.lint.LintFacts.Clients;
import io.vitrine.lint.LintFacts.Group;
import io.vitrine.lint.LintFacts.Listener;
import io.vitrine.lint.LintFacts.Producers;
import io.vitrine.lint.LintFacts.Stranded;
import io.vitrine.lint.LintFacts.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Each rule finds its thing and nothing else, and shows the values.
class LintTests {
    private static final Map<String, String> BROKER = Map.ofEntries(
            Map.entry("node.id", "1"),
            Map.entry("num.partitions", "1"),
            Map.entry("min.insync.replicas", "2"),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("vitrine.acks.all.fsync", "true"),
            Map.entry("group.initial.rebalance.delay.ms", "3000"),
            Map.entry("group.min.session.timeout.ms", "6000"),
            Map.entry("offsets.retention.minutes", "10080"),
            Map.entry("log.cleaner.enable", "true"));
    private static final Map<String, String> TOPIC = Map.of(
            "cleanup.policy", "delete",
            "retention.ms", "604800000",
            "retention.bytes", "-1",
            "segment.bytes", "1073741824",
            "segment.ms", "604800000",
            "min.cleanable.dirty.ratio", "0.5",
            "max.compaction.lag.ms", "9223372036854775807",
            "max.message.bytes", "1048588",
            "unclean.leader.election.enable", "false",
            "flush.messages", "9223372036854775807");

    /// A single node can't do without these.
    private static final List<String> ALWAYS = List.of("METADATA_ON_ONE_DISK", "ONE_REPLICA");

    static Stream<Arguments> cases() {
        return Stream.of(
                broker("MIN_INSYNC_REPLICAS_ONE", "min.insync.replicas", "1"),
                broker("ACKS_ALL_FROM_MEMORY", "vitrine.acks.all.fsync", "false"),
                broker("TOPICS_MADE_ON_DEMAND", "auto.create.topics.enable", "true"),
                broker("QUICK_REBALANCES", "group.initial.rebalance.delay.ms", "0"),
                broker("SHORT_SESSIONS", "group.min.session.timeout.ms", "100"),
                broker("OFFSETS_FORGOTTEN_SOON", "offsets.retention.minutes", "60"),
                broker("COMPACTION_OFF", "log.cleaner.enable", "false"),
                topic("MIN_INSYNC_REPLICAS_ABOVE_REPLICAS", "min.insync.replicas", "2"),
                topic("RETENTION_UNLIMITED", "retention.ms", "-1"),
                topic("RETENTION_UNLIMITED", "cleanup.policy", ""),
                topic("RETENTION_SHORT", "retention.ms", "60000"),
                topic("SEGMENTS_TOO_SMALL_FOR_KAFKA", "segment.bytes", "1000"),
                topic("COMPACTION_WAITS_FOR_FIRST_SEGMENT", "cleanup.policy", "compact"),
                topic("RECORDS_ABOVE_CLIENT_DEFAULTS", "max.message.bytes", "1048589"),
                topic("UNCLEAN_ELECTION", "unclean.leader.election.enable", "true"),
                topic("FLUSH_EACH_RECORD", "flush.messages", "1"),
                Arguments.of(
                        "COMPACTION_NEVER_RUNS",
                        facts(
                                Map.of(),
                                Map.of("cleanup.policy", "compact,delete", "min.cleanable.dirty.ratio", "1.0"),
                                2 * 1073741824L),
                        "topic orders",
                        Map.of("min.cleanable.dirty.ratio", "1.0")),
                Arguments.of(
                        "ACKS_NOT_ALL",
                        with(new Producers(3, 4, 5)),
                        "producers",
                        Map.of("acks=0", 3L, "acks=1", 4L, "acks=all", 5L)),
                Arguments.of(
                        "PLAINTEXT_BEYOND_THIS_MACHINE",
                        with(new Listener("PLAINTEXT", "0.0.0.0:9092", true, true)),
                        "listener PLAINTEXT",
                        Map.of("address", "0.0.0.0:9092")),
                Arguments.of(
                        "REST_BEYOND_THIS_MACHINE",
                        with(new Listener("REST", "0.0.0.0:8080", true, false)),
                        "listener REST",
                        Map.of("address", "0.0.0.0:8080")),
                Arguments.of(
                        "MORE_MEMBERS_THAN_PARTITIONS",
                        with(new Group("billing", 3, 2)),
                        "group billing",
                        Map.of("members", 3, "partitions", 2)),
                Arguments.of("FAULTS_ACTIVE", with(new Clients(2, List.of())), "broker", Map.of("faults", 2L)),
                Arguments.of(
                        "CLIENTS_NEVER_CAME_BACK",
                        with(new Clients(0, List.of(new Stranded("shop", "172.17.0.2:9092", "kafka:9092", 7000)))),
                        "client shop",
                        Map.of("cameTo", "172.17.0.2:9092", "advertised", "kafka:9092", "sinceMs", 7000L)));
    }

    @ParameterizedTest(name = "{0} at {2} {3}")
    @MethodSource("cases")
    void aRuleFindsItsThingAlone(String rule, LintFacts facts, String subject, Map<String, Object> evidence) {
        var found = findings(facts);

        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(withAlways(rule));
        assertThat(found.get(rule)).singleElement().satisfies(finding -> {
            assertThat(finding.subject()).isEqualTo(subject);
            assertThat(finding.evidence()).containsAllEntriesOf(evidence);
        });
    }

    @Test
    void aSingleNodeIsToldWhatItCannotHelp() {
        assertThat(findings(facts(Map.of(), Map.of(), 0)).keySet()).containsExactlyInAnyOrderElementsOf(ALWAYS);
    }

    @Test
    void whatIsBoundToAllAddressesAndNotAdvertisedIsToldBoth() {
        assertThat(findings(with(new Listener("PLAINTEXT", "0.0.0.0:9092", true, false)))
                        .keySet())
                .contains("PLAINTEXT_BEYOND_THIS_MACHINE", "NOTHING_ADVERTISED");
        assertThat(findings(with(new Listener("PLAINTEXT", "127.0.0.1:9092", false, false)))
                        .keySet())
                .containsExactlyInAnyOrderElementsOf(ALWAYS);
    }

    @Test
    void everyRuleHasACaseAndAnIdOfItsOwn() {
        var ids = Lint.rules().stream().map(rule -> rule.advice().id()).toList();
        var tested = cases().map(test -> (String) test.get()[0]).collect(Collectors.toCollection(TreeSet::new));
        tested.addAll(ALWAYS);
        tested.add("NOTHING_ADVERTISED");

        assertThat(ids).doesNotHaveDuplicates();
        assertThat(tested).containsExactlyInAnyOrderElementsOf(ids);
    }

    private static Map<String, List<LintFinding>> findings(LintFacts facts) {
        var found = new TreeMap<String, List<LintFinding>>();
        for (var rule : Lint.rules()) {
            var findings = rule.check().apply(facts);
            if (!findings.isEmpty()) {
                found.put(rule.advice().id(), findings);
            }
        }
        return found;
    }

    private static List<String> withAlways(String rule) {
        return Stream.concat(ALWAYS.stream(), Stream.of(rule)).toList();
    }

    private static Arguments broker(String rule, String config, String value) {
        return Arguments.of(rule, facts(Map.of(config, value), Map.of(), 0), "broker", Map.of(config, value));
    }

    private static Arguments topic(String rule, String config, String value) {
        return Arguments.of(rule, facts(Map.of(), Map.of(config, value), 1000), "topic orders", Map.of(config, value));
    }

    private static LintFacts facts(Map<String, String> broker, Map<String, String> topic, long sizeBytes) {
        var brokerConfigs = new HashMap<>(BROKER);
        brokerConfigs.putAll(broker);
        var topicConfigs = new HashMap<>(TOPIC);
        topicConfigs.put("min.insync.replicas", "1");
        topicConfigs.putAll(topic);
        return new LintFacts(
                brokerConfigs,
                List.of(new Topic("orders", 3, 1, sizeBytes, topicConfigs)),
                List.of(new Group("readers", 3, 3)),
                List.of(
                        new Listener("PLAINTEXT", "127.0.0.1:9092", false, false),
                        new Listener("REST", "127.0.0.1:8080", false, false)),
                new Producers(0, 0, 7),
                new Clients(0, List.of()));
    }

    private static LintFacts with(Producers producers) {
        var facts = facts(Map.of(), Map.of(), 0);
        return new LintFacts(
                facts.broker(), facts.topics(), facts.groups(), facts.listeners(), producers, facts.clients());
    }

    private static LintFacts with(Clients clients) {
        var facts = facts(Map.of(), Map.of(), 0);
        return new LintFacts(
                facts.broker(), facts.topics(), facts.groups(), facts.listeners(), facts.producers(), clients);
    }

    private static LintFacts with(Listener listener) {
        var facts = facts(Map.of(), Map.of(), 0);
        return new LintFacts(
                facts.broker(), facts.topics(), facts.groups(), List.of(listener), facts.producers(), facts.clients());
    }

    private static LintFacts with(Group group) {
        var facts = facts(Map.of(), Map.of(), 0);
        return new LintFacts(
                facts.broker(), facts.topics(), List.of(group), facts.listeners(), facts.producers(), facts.clients());
    }
}
