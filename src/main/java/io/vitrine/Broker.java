package io.vitrine;

import io.vitrine.config.BrokerSettings;
import io.vitrine.config.SettingsException;
import io.vitrine.control.Snapshots;
import io.vitrine.fault.Faults;
import io.vitrine.group.GroupService;
import io.vitrine.handler.AdvertisedAddress;
import io.vitrine.handler.ApiVersionsHandler;
import io.vitrine.handler.FetchHandler;
import io.vitrine.handler.FetchSessions;
import io.vitrine.handler.ListOffsetsHandler;
import io.vitrine.handler.OffsetForLeaderEpochHandler;
import io.vitrine.handler.ProduceHandler;
import io.vitrine.inspect.BrokerEndpoints;
import io.vitrine.log.LogDirectory;
import io.vitrine.metadata.ConfigChanges;
import io.vitrine.metadata.MetadataException;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.protocol.ApiTable;
import io.vitrine.protocol.FetchCounters;
import io.vitrine.protocol.FetchSessionOverview;
import io.vitrine.protocol.ProduceCounters;
import io.vitrine.protocol.Purgatory;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.protocol.RequestCounters;
import io.vitrine.server.KafkaListener;
import io.vitrine.server.RequestDispatcher;
import io.vitrine.share.SharePartitions;
import io.vitrine.timeline.GroupTimelines;
import io.vitrine.transaction.TransactionService;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The broker, in plain Java: it serves clients before Spring has begun to start, and Spring adopts its parts later.
public final class Broker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Broker.class);
    private static final int REFUSALS_KEPT = 1000;
    // Sessions may have a sixteenth of the heap; a partition in one was measured to take 220 bytes.
    private static final int FETCH_SESSION_SHARE = 16;
    private static final int BYTES_OF_PARTITION_IN_SESSION = 256;

    private final BrokerSettings settings;
    private final List<LogDirectory> directories;
    private final MetadataService metadata;
    private final PartitionLogService partitions;
    private final RefusalJournal refusals = new RefusalJournal(REFUSALS_KEPT);
    private final Faults faults;
    private final Purgatory purgatory = new Purgatory();
    private final FetchCounters fetches = new FetchCounters();
    private final ProduceCounters produced = new ProduceCounters();
    private final FetchSessions fetchSessions;
    private final BlockingWork mayBlock = new BlockingWork();
    private final ConfigWiring configs;
    private final GroupWiring groups;
    private final TransactionWiring transactions;
    private final ShareWiring shares;
    private final ApiTable apis;
    private final RequestCounters requests;
    private final KafkaListener listener;
    private boolean closed;

    private Broker(BrokerSettings settings, List<LogDirectory> directories, MetadataService metadata) {
        this.settings = settings;
        this.directories = directories;
        this.metadata = metadata;
        faults = TestWiring.faults(metadata);
        partitions = new PartitionLogService(
                StorageWiring.partitionSettings(settings),
                StorageWiring.logDirectories(settings, directories),
                Clock.systemUTC());
        fetchSessions = fetchSessions(settings);
        var advertised = NetworkWiring.advertised(settings.network());
        groups = GroupWiring.of(settings, metadata, partitions, mayBlock);
        transactions = TransactionWiring.of(settings, metadata, partitions, groups, mayBlock);
        shares = ShareWiring.of(metadata, partitions, groups.service(), mayBlock);
        apis = new ApiTable(List.of(
                new ProduceHandler(metadata, partitions, produced, transactions.gate()),
                fetchHandler(advertised),
                new ListOffsetsHandler(metadata, partitions, mayBlock),
                TopicWiring.metadataHandler(settings.topics(), metadata, advertised, mayBlock),
                new OffsetForLeaderEpochHandler(metadata, partitions)));
        TopicWiring.handlers(metadata, partitions, mayBlock).forEach(apis::add);
        groups.handlers(metadata, advertised, transactions.service()).forEach(apis::add);
        transactions.handlers(metadata).forEach(apis::add);
        int maxBytes = settings.network().maxResponseBytes();
        shares.handlers(groups.service(), metadata, purgatory, maxBytes).forEach(apis::add);
        ClusterWiring.handlers(metadata, partitions, advertised, mayBlock).forEach(apis::add);
        configs = ConfigWiring.of(settings, metadata);
        configs.obey(partitions);
        configs.handlers(mayBlock).forEach(apis::add);
        var apiVersions = new ApiVersionsHandler(apis, metadata);
        apis.add(apiVersions);
        requests = new RequestCounters(apis);
        listener = new KafkaListener(
                NetworkWiring.listenerSettings(settings.network()),
                new RequestDispatcher(apis, apiVersions, refusals, faults),
                requests,
                NetworkWiring.recentExchanges());
        listener.nameRestPort(settings.http().port());
        listener.onConnectionClosed(shares.sessions()::connectionClosed);
    }

    private static FetchSessions fetchSessions(BrokerSettings settings) {
        long partitions = Runtime.getRuntime().maxMemory() / FETCH_SESSION_SHARE / BYTES_OF_PARTITION_IN_SESSION;
        return new FetchSessions(
                settings.network().fetchSessionSlots(),
                (int) Math.min(Integer.MAX_VALUE, partitions),
                FetchSessions.KAFKA_PROTECTION,
                Clock.systemUTC(),
                new SecureRandom());
    }

    private FetchHandler fetchHandler(AdvertisedAddress advertised) {
        int maxBytes = settings.network().maxResponseBytes();
        return new FetchHandler(metadata, partitions, advertised, fetchSessions, purgatory, fetches, maxBytes);
    }

    /// Locks the directories, loads the metadata and makes all parts, none of which serves yet.
    ///
    /// @throws SettingsException if a setting can't be used that has been taken over as it is
    /// @throws MetadataException if the metadata on disk can't be used
    /// @throws IOException if a directory can't be had
    public static Broker prepare(BrokerSettings settings) throws IOException, MetadataException, SettingsException {
        GroupWiring.check(settings);
        TransactionWiring.check(settings);
        var directories = StorageWiring.lock(settings);
        Broker broker;
        try {
            var metadata = MetadataService.open(MetadataWiring.settings(settings));
            for (var directory : directories) {
                directory.markInUse();
            }
            Snapshots.finish(metadata, StorageWiring.logDirectories(settings, directories));
            metadata.placement().claimLeaderless();
            broker = new Broker(settings, directories, metadata);
        } catch (IOException | MetadataException | RuntimeException e) {
            for (var directory : directories) {
                directory.close();
            }
            throw e;
        }
        return broker;
    }

    /// Opens all logs, and then the Kafka port, so that whoever can connect is served.
    ///
    /// @throws IOException if a port can't be had; the broker is closed then
    public void open() throws IOException {
        try {
            partitions.settle(metadata.image(), metadata.topicChanges()::wasDeleted);
            partitions.apply(metadata.image());
            metadata.topicChanges().prepare(partitions::prepare);
            metadata.topicChanges().listen(partitions::apply);
            partitions.startUpkeep();
            metadata.startUpkeep();
            configs.obey(listener);
            listener.start();
            groups.service().start();
            transactions.service().start();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Prepares a broker and opens it.
    ///
    /// @throws SettingsException if a setting can't be used that has been taken over as it is
    /// @throws MetadataException if the metadata on disk can't be used
    /// @throws IOException if a directory or a port can't be had
    public static Broker start(BrokerSettings settings) throws IOException, MetadataException, SettingsException {
        var broker = prepare(settings);
        broker.open();
        return broker;
    }

    public BrokerSettings settings() {
        return settings;
    }

    public MetadataService metadata() {
        return metadata;
    }

    public PartitionLogService partitions() {
        return partitions;
    }

    /// How its configs are changed.
    public ConfigChanges configs() {
        return configs.changes();
    }

    public GroupService groups() {
        return groups.service();
    }

    public TransactionService transactions() {
        return transactions.service();
    }

    /// What has happened to the groups.
    public GroupTimelines timelines() {
        return groups.timelines();
    }

    /// What share groups have been given.
    public SharePartitions shares() {
        return shares.partitions();
    }

    public RefusalJournal refusals() {
        return refusals;
    }

    /// What is made to fail on purpose.
    public Faults faults() {
        return faults;
    }

    public Purgatory purgatory() {
        return purgatory;
    }

    public ProduceCounters produced() {
        return produced;
    }

    public FetchCounters fetches() {
        return fetches;
    }

    public FetchSessionOverview fetchSessions() {
        return fetchSessions;
    }

    public ApiTable apis() {
        return apis;
    }

    public RequestCounters requests() {
        return requests;
    }

    public KafkaListener listener() {
        return listener;
    }

    /// Where clients reach it.
    public BrokerEndpoints endpoint() {
        return NetworkWiring.endpoints(settings.network(), listener.addresses());
    }

    /// Stops accepting, finishes what is in flight, forces everything to disk. Doing it again does nothing.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        // Members may wait for records, or for one another for minutes; with this they are answered.
        shares.close();
        transactions.service().close();
        groups.service().close();
        faults.close();
        listener.close();
        mayBlock.close();
        partitions.close();
        try {
            metadata.close();
            for (var directory : directories) {
                directory.close();
            }
        } catch (IOException e) {
            log.error("The log directories could not be closed in order", e);
        }
    }
}
