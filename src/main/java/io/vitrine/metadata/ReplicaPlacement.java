package io.vitrine.metadata;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.TopicImage;
import org.apache.kafka.metadata.PartitionRegistration;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.jspecify.annotations.Nullable;

/// Who leads a partition and where its replicas are. This node is the only one that there is, so the questions only
/// have more than one answer in a directory that comes from a cluster: there a partition may have been led by another
/// broker, and may have replicas that will not come back.
public final class ReplicaPlacement {
    private static final int CLAIMS_PER_BATCH = 1_000;

    private static final int CHANGES_PER_BATCH = 1_000;

    private final MetadataWriter writer;
    private final int nodeId;

    ReplicaPlacement(MetadataWriter writer, int nodeId) {
        this.writer = writer;
        this.nodeId = nodeId;
    }

    /// Makes this node leader of every partition that has no leader and that nobody else could lead. Apache Kafka
    /// leaves all of them so when it is stopped in an orderly way.
    ///
    /// @return how many it became leader of; if none, nothing was written
    public int claimLeaderless() throws IOException {
        return writer.change(_ -> {
            var claims = LeaderlessPartitions.claims(
                    writer.kafkaImage().topics(),
                    nodeId,
                    writer.metadataVersion().partitionChangeRecordVersion());
            for (int from = 0; from < claims.size(); from += CLAIMS_PER_BATCH) {
                writer.write(claims.subList(from, Math.min(from + CLAIMS_PER_BATCH, claims.size())));
            }
            return claims.size();
        });
    }

    /// A partition as a request names it, which need not make sense.
    public record Name(String topic, int partition) {}

    /// Whom to elect.
    public enum Election {
        /// The first replica, if it is in sync.
        PREFERRED,
        /// Any replica, if there is no leader: what it does not have is lost.
        UNCLEAN
    }

    /// The replicas that a partition is to have; null takes a change that is under way back.
    public record Wish(Name name, @Nullable List<Integer> replicas) {
        public Wish {
            replicas = replicas == null ? null : List.copyOf(replicas);
        }
    }

    /// A change of replicas that another controller has begun.
    public record Underway(TopicPartition name, List<Integer> replicas, List<Integer> adding, List<Integer> removing) {}

    /// Elects leaders, each as far as it is possible; an outcome for each of `names`.
    ///
    /// @throws IOException if it could not be written
    public List<PlacementOutcome> elect(Election election, List<Name> names) throws IOException {
        return change(names, Function.identity(), (place, _) -> elect(election, place));
    }

    /// Changes replicas, each as far as it is possible; an outcome for each of `wishes`.
    ///
    /// @param mayChangeCount may a partition have another number of replicas afterwards?
    /// @throws IOException if it could not be written
    public List<PlacementOutcome> reassign(List<Wish> wishes, boolean mayChangeCount) throws IOException {
        return change(wishes, Wish::name, (place, wish) -> reassign(place, wish.replicas(), mayChangeCount));
    }

    /// The changes that were under way when the directory came here.
    public List<Underway> underway() {
        var all = new ArrayList<Underway>();
        for (var topic : writer.newestKafkaImage().topics().topicsById().values()) {
            topic.partitions().forEach((index, partition) -> {
                if (isUnderway(partition)) {
                    all.add(new Underway(
                            new TopicPartition(topic.name(), index),
                            list(partition.replicas),
                            list(partition.addingReplicas),
                            list(partition.removingReplicas)));
                }
            });
        }
        return all;
    }

    /// A partition that exists, as the log has it.
    private record Place(Uuid topicId, int index, PartitionRegistration partition) {}

    /// What is to be answered, and what is to be written for it.
    private record Decision(
            PlacementOutcome outcome, @Nullable ApiMessageAndVersion record) {
        static Decision only(PlacementOutcome outcome) {
            return new Decision(outcome, null);
        }

        static Decision refused(PlacementOutcome.Rule rule, String reason) {
            return only(new PlacementOutcome.Refused(rule, reason));
        }

        static Decision write(ApiMessageAndVersion record) {
            return new Decision(new PlacementOutcome.Changed(), record);
        }
    }

    private interface Decide<W> {
        Decision decide(Place place, W wish);
    }

    private <W> List<PlacementOutcome> change(List<W> wishes, Function<W, Name> name, Decide<W> decide)
            throws IOException {
        return writer.change(_ -> {
            var outcomes = new ArrayList<PlacementOutcome>();
            var records = new ArrayList<ApiMessageAndVersion>();
            var changed = new HashSet<Name>();
            for (var wish : wishes) {
                var decision = decide(name.apply(wish), place -> decide.decide(place, wish));
                // Decided by the image as it was, so a partition that is named again is as it was asked to be.
                if (decision.record() != null && !changed.add(name.apply(wish))) {
                    outcomes.add(new PlacementOutcome.NotNeeded());
                    continue;
                }
                outcomes.add(decision.outcome());
                if (decision.record() != null) {
                    records.add(decision.record());
                }
            }
            for (int from = 0; from < records.size(); from += CHANGES_PER_BATCH) {
                writer.write(records.subList(from, Math.min(from + CHANGES_PER_BATCH, records.size())));
            }
            return outcomes;
        });
    }

    private Decision decide(Name name, Function<Place, Decision> decide) {
        MetadataImage image = writer.newestKafkaImage();
        @Nullable TopicImage topic = image.topics().getTopic(name.topic());
        if (topic == null) {
            return Decision.only(new PlacementOutcome.UnknownTopic());
        }
        @Nullable PartitionRegistration partition = topic.partitions().get(name.partition());
        return partition == null
                ? Decision.only(new PlacementOutcome.UnknownPartition())
                : decide.apply(new Place(topic.id(), name.partition(), partition));
    }

    /// No other broker is there, so one that leads by what the log says does not.
    private Decision elect(Election election, Place place) {
        var partition = place.partition();
        boolean isNeeded =
                switch (election) {
                    case PREFERRED -> !partition.hasPreferredLeader();
                    case UNCLEAN -> partition.leader != nodeId;
                };
        if (!isNeeded) {
            return Decision.only(new PlacementOutcome.NotNeeded());
        }
        boolean isCandidate =
                switch (election) {
                    case PREFERRED -> partition.preferredReplica() == nodeId && contains(partition.isr);
                    case UNCLEAN -> contains(partition.replicas);
                };
        return isCandidate
                ? Decision.write(MetadataRecords.claim(place.topicId(), place.index(), partition, nodeId, version()))
                : Decision.refused(
                        PlacementOutcome.Rule.NO_CANDIDATE,
                        "led by %d, replicas %s, in sync %s; only broker %d is here"
                                .formatted(partition.leader, list(partition.replicas), list(partition.isr), nodeId));
    }

    private Decision reassign(Place place, @Nullable List<Integer> target, boolean mayChangeCount) {
        var partition = place.partition();
        if (target == null) {
            return isUnderway(partition)
                    ? Decision.refused(
                            PlacementOutcome.Rule.INVALID_ASSIGNMENT,
                            "The reassignment was begun by another controller and can't be taken back; it ends when"
                                    + " the partition is assigned to broker " + nodeId + " alone.")
                    : Decision.refused(PlacementOutcome.Rule.NOTHING_TO_CANCEL, "");
        }
        if (target.equals(list(partition.replicas)) && !isUnderway(partition)) {
            return Decision.only(new PlacementOutcome.NotNeeded());
        }
        var fault = AssignmentRules.findFault(target, nodeId, writer.newestKafkaImage());
        if (fault.isPresent()) {
            return Decision.refused(PlacementOutcome.Rule.INVALID_ASSIGNMENT, fault.get());
        }
        if (!mayChangeCount && target.size() != partition.replicas.length) {
            return Decision.refused(
                    PlacementOutcome.Rule.REPLICATION_FACTOR,
                    "The replication factor is changed from %d to %d"
                            .formatted(partition.replicas.length, target.size()));
        }
        // Whoever lacks records must not become the only one who has the partition.
        return contains(partition.isr)
                ? Decision.write(
                        MetadataRecords.onlyReplica(place.topicId(), place.index(), partition, nodeId, version()))
                : Decision.refused(
                        PlacementOutcome.Rule.INVALID_ASSIGNMENT,
                        "Broker %d is not in sync (%s are); an unclean election has to make it the leader first."
                                .formatted(nodeId, list(partition.isr)));
    }

    private short version() {
        return writer.metadataVersion().partitionChangeRecordVersion();
    }

    private boolean contains(int[] nodes) {
        return Arrays.stream(nodes).anyMatch(node -> node == nodeId);
    }

    private static boolean isUnderway(PartitionRegistration partition) {
        return partition.addingReplicas.length > 0 || partition.removingReplicas.length > 0;
    }

    private static List<Integer> list(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }
}
