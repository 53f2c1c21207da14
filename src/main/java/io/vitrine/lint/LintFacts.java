package io.vitrine.lint;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What the rules look at, at one moment.
///
/// @param broker the broker's configs in force, by Kafka's names
/// @param topics without Kafka's own
public record LintFacts(
        Map<String, String> broker,
        List<Topic> topics,
        List<Group> groups,
        List<Listener> listeners,
        Producers producers,
        Clients clients) {
    public LintFacts {
        broker = Map.copyOf(broker);
        topics = List.copyOf(topics);
        groups = List.copyOf(groups);
        listeners = List.copyOf(listeners);
    }

    /// A topic.
    ///
    /// @param replicas of the partition that has the fewest
    /// @param configs in force, by Kafka's names
    public record Topic(String name, int partitions, int replicas, long sizeBytes, Map<String, String> configs) {
        public Topic {
            configs = Map.copyOf(configs);
        }

        String config(String config) {
            return Objects.requireNonNull(configs.get(config), config);
        }

        long number(String config) {
            return Long.parseLong(config(config));
        }

        boolean isCompacted() {
            return config("cleanup.policy").contains("compact");
        }

        boolean isDeleted() {
            return config("cleanup.policy").contains("delete");
        }

        LintFinding finding(String evidence, Object value) {
            return new LintFinding("topic " + name, Map.of(evidence, value));
        }

        LintFinding finding(String config) {
            return finding(config, config(config));
        }
    }

    /// A group that shares partitions out to its members.
    ///
    /// @param partitions of all topics its members want to read
    public record Group(String id, int members, int partitions) {}

    /// A listener of the Kafka protocol, or the one of REST.
    ///
    /// @param beyondThisMachine can it be reached from elsewhere?
    /// @param advertised are clients told a certain address?
    public record Listener(String name, String address, boolean beyondThisMachine, boolean advertised) {}

    /// What producers have asked for since the broker started, in requests.
    public record Producers(long acksNone, long acksLeader, long acksAll) {}

    /// What clients meet, and how they fare.
    ///
    /// @param faults set on purpose that may still hit a request
    public record Clients(long faults, List<Stranded> stranded) {
        public Clients {
            stranded = List.copyOf(stranded);
        }
    }

    /// A client that was told where to connect, and has not been seen there.
    ///
    /// @param cameTo the address it reached us at
    /// @param advertised the address it was told
    public record Stranded(String client, String cameTo, String advertised, long sinceMs) {}

    String setting(String config) {
        return Objects.requireNonNull(broker.get(config), config);
    }

    long number(String config) {
        return Long.parseLong(setting(config));
    }

    boolean flag(String config) {
        return Boolean.parseBoolean(setting(config));
    }
}
