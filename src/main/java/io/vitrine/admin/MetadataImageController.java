package io.vitrine.admin;

import io.vitrine.metadata.MetadataChange;
import io.vitrine.metadata.MetadataDiff;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.PastMetadata;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartitionState;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The metadata as it was at an offset of its log, and what has changed between two.
@RestController
@RequestMapping(ApiPath.CLUSTER_METADATA)
class MetadataImageController {
    private final MetadataService metadata;

    MetadataImageController(MetadataService metadata) {
        this.metadata = metadata;
    }

    @GetMapping("/image")
    ImageView image(@RequestParam Map<String, String> query) throws IOException {
        var parameters = new QueryParameters(query);
        long at = parameters.findOffset("at").orElseGet(metadata::logEndOffset);
        var topic = parameters.text("topic");
        parameters.requireSound();
        return ImageView.of(at(at), topic.orElse(null));
    }

    @GetMapping("/diff")
    DiffView diff(@RequestParam Map<String, String> query) throws IOException {
        var parameters = new QueryParameters(query);
        long from =
                parameters.findOffset("from").orElseGet(() -> metadata.history().firstOffset());
        long to = parameters.findOffset("to").orElseGet(metadata::logEndOffset);
        int limit = parameters.limit();
        if (to < from) {
            parameters.violate("to", "%d lies before from, which is %d".formatted(to, from));
        }
        parameters.requireSound();
        var changes = MetadataDiff.between(at(from), at(to));
        return new DiffView(
                from,
                to,
                changes.size(),
                changes.stream().limit(limit).map(ChangeView::of).toList());
    }

    private PastMetadata at(long offset) throws IOException {
        return metadata.history()
                .at(offset)
                .orElseThrow(() ->
                        MetadataProblem.outOfRange(offset, metadata.history().firstOffset(), metadata.logEndOffset()));
    }

    /// @param at the offset asked for
    /// @param appliedOffset behind the last batch contained; a batch is taken as a whole or not at all
    /// @param checkpointOffset what it was made from, beside the log
    record ImageView(
            long at,
            long appliedOffset,
            long checkpointOffset,
            Map<String, Short> features,
            List<TopicView> topics,
            Map<String, Map<String, String>> configs,
            long nextProducerId,
            List<NodeView> brokers,
            List<NodeView> controllers,
            PastMetadata.Totals totals) {
        static ImageView of(PastMetadata past, @Nullable String topic) {
            return new ImageView(
                    past.offset(),
                    past.appliedOffset(),
                    past.checkpointOffset(),
                    new TreeMap<>(past.cluster().features()),
                    past.cluster().topics().stream()
                            .filter(found -> topic == null || topic.equals(found.name()))
                            .map(TopicView::of)
                            .toList(),
                    past.configs(),
                    past.nextProducerId(),
                    past.brokers().stream().map(NodeView::of).toList(),
                    past.controllers().stream().map(NodeView::of).toList(),
                    past.totals());
        }
    }

    record TopicView(String name, String id, Map<String, String> configs, List<StateView> partitions) {
        static TopicView of(Topic topic) {
            return new TopicView(
                    topic.name(),
                    topic.id().toString(),
                    new TreeMap<>(topic.configs()),
                    topic.partitions().stream().map(StateView::of).toList());
        }
    }

    record StateView(
            int partition,
            int leader,
            int leaderEpoch,
            int partitionEpoch,
            List<Integer> replicas,
            List<Integer> inSyncReplicas,
            List<String> directories) {
        static StateView of(TopicPartitionState state) {
            return new StateView(
                    state.index(),
                    state.leader(),
                    state.leaderEpoch(),
                    state.partitionEpoch(),
                    state.replicas(),
                    state.inSyncReplicas(),
                    state.directories().stream().map(Object::toString).toList());
        }
    }

    record NodeView(
            int id,
            long epoch,
            String incarnationId,
            boolean fenced,
            boolean inControlledShutdown,
            List<String> listeners,
            List<String> directories) {
        static NodeView of(PastMetadata.Node node) {
            return new NodeView(
                    node.id(),
                    node.epoch(),
                    node.incarnationId().toString(),
                    node.fenced(),
                    node.inControlledShutdown(),
                    node.listeners(),
                    node.directories().stream().map(Object::toString).toList());
        }
    }

    /// @param total of which `items` may be the first ones
    record DiffView(long from, long to, int total, List<ChangeView> items) {}

    /// @param action `ADDED`, `REMOVED` or `CHANGED`
    record ChangeView(
            String kind,
            String subject,
            String field,
            String action,
            @Nullable Object before,
            @Nullable Object after) {
        static ChangeView of(MetadataChange change) {
            var action = change.before() == null ? "ADDED" : change.after() == null ? "REMOVED" : "CHANGED";
            return new ChangeView(
                    change.kind().name(), change.subject(), change.field(), action, change.before(), change.after());
        }
    }
}
