package io.vitrine.partition;

import io.vitrine.log.Disk;
import io.vitrine.log.LogDirectory;
import io.vitrine.metadata.ClusterImage;
import io.vitrine.metadata.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What lies in a log directory and belongs to no partition there is. What the metadata log says was deleted is on
/// its way out, and goes on; everything else is set apart under a name that nobody serves, and stays for a person to
/// decide:
/// ```
///   orders-0                its topic exists          served
///   orders-0                its topic was deleted     orders-0.<uuid>-delete, removed
///   orders-0                its topic is not known    orders-0.<uuid>-stray, kept
///   orders-0.<uuid>-delete                            removed
///   orders-0.<uuid>-stray                             kept
///   orders-0.<uuid>-future  its topic exists          kept: Kafka was copying it from another directory
///   orders-0.<uuid>-future  otherwise                 as orders-0
/// ```
final class LeftoverDirectories {
    private static final Logger log = LoggerFactory.getLogger(LeftoverDirectories.class);
    private static final Pattern PARTITION = Pattern.compile("(?<topic>.+)-(?<partition>\\d{1,9})");
    private static final Pattern ASIDE = Pattern.compile(".+-\\d{1,9}\\.[0-9a-f]{32}-(delete|stray|future)");
    private static final String METADATA_LOG = "__cluster_metadata-0";

    private final int nodeId;
    private final ClusterImage image;
    private final Predicate<Uuid> wasDeleted;
    private final List<Path> removable = new ArrayList<>();
    private final List<Path> strays = new ArrayList<>();
    private final Set<String> setApart = new HashSet<>();

    /// @param wasDeleted is it certain that the topic of that id was deleted?
    LeftoverDirectories(int nodeId, ClusterImage image, Predicate<Uuid> wasDeleted) {
        this.nodeId = nodeId;
        this.image = image;
        this.wasDeleted = wasDeleted;
    }

    /// Looks through a log directory, before its logs are opened.
    void settle(LogDirectory directory) throws IOException {
        var disk = directory.disk();
        boolean renamed = false;
        for (var name : disk.list(directory.path())) {
            var entry = directory.path().resolve(name);
            renamed |= disk.isDirectory(entry) && settle(disk, entry);
        }
        if (renamed) {
            directory.forceNames();
        }
    }

    /// Those that have been given their last name since this was last asked.
    List<Path> takeRemovable() {
        var taken = List.copyOf(removable);
        removable.clear();
        return taken;
    }

    /// The names of the directories that partitions will be served from, if they are there. What was known of others
    /// holds for nothing any more.
    Set<String> served() {
        var names = new HashSet<String>();
        for (var topic : image.topics()) {
            for (var state : topic.partitions()) {
                if (state.replicas().contains(nodeId)) {
                    names.add(new TopicPartition(topic.name(), state.index()).toString());
                }
            }
        }
        names.removeAll(setApart);
        return names;
    }

    /// Those that are kept and not served.
    List<Path> strays() {
        return strays;
    }

    /// @return has it been given another name?
    private boolean settle(Disk disk, Path entry) throws IOException {
        var name = entry.getFileName().toString();
        if (ASIDE.matcher(name).matches()) {
            if (name.endsWith(PartitionDirectory.DELETED)) {
                removable.add(entry);
            } else if (name.endsWith(PartitionDirectory.STRAY)) {
                strays.add(entry);
                log.warn("{} belongs to no topic; it is kept and not served", entry);
            } else {
                return settleFuture(disk, entry);
            }
            return false;
        }
        var parts = PARTITION.matcher(name);
        if (name.equals(METADATA_LOG) || !parts.matches() || !isLog(disk, entry)) {
            return false;
        }
        int partition = Integer.parseInt(parts.group("partition"));
        return !isWanted(parts.group("topic"), partition, findTopicId(disk, entry)) && setApart(disk, entry);
    }

    private boolean settleFuture(Disk disk, Path entry) throws IOException {
        var id = findTopicId(disk, entry);
        if (id.isPresent() && image.findTopic(id.get()).isPresent()) {
            log.warn("{} is a copy that was not finished; it is kept and not served", entry);
            return false;
        }
        return setApart(disk, entry);
    }

    private boolean setApart(Disk disk, Path entry) throws IOException {
        boolean deleted = findTopicId(disk, entry).filter(wasDeleted).isPresent();
        var aside = PartitionDirectory.aside(entry, deleted ? PartitionDirectory.DELETED : PartitionDirectory.STRAY);
        disk.rename(entry, aside);
        setApart.add(entry.getFileName().toString());
        if (deleted) {
            removable.add(aside);
            log.info("{} is removed, as its topic was deleted", aside);
        } else {
            strays.add(aside);
            log.warn("{} belongs to no topic there is; it is kept as {} and not served", entry, aside.getFileName());
        }
        return true;
    }

    /// Is it what a partition of this broker is to be served from? Nobody's yet counts as its own.
    private boolean isWanted(String topic, int partition, Optional<Uuid> id) {
        return image.findTopic(topic)
                .filter(found -> id.isEmpty() || id.get().equals(found.id()))
                .flatMap(found -> found.findPartition(partition))
                .filter(state -> state.replicas().contains(nodeId))
                .isPresent();
    }

    private static Optional<Uuid> findTopicId(Disk disk, Path entry) {
        try {
            return PartitionDirectory.findTopicId(disk, entry);
        } catch (IOException e) {
            log.warn("{}", e.getMessage());
            return Optional.empty();
        }
    }

    /// A directory that only has the name of one is somebody else's.
    private static boolean isLog(Disk disk, Path entry) throws IOException {
        return PartitionDirectory.isClaimed(disk, entry)
                || disk.list(entry).stream().anyMatch(name -> name.endsWith(".log"));
    }
}
