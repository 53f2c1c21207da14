package io.vitrine.admin;

import io.vitrine.metadata.MetadataService;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The quorum that keeps the metadata log: this node.
@RestController
@RequestMapping(ApiPath.BASE + "/quorum")
class QuorumController {
    private final MetadataService metadata;

    QuorumController(MetadataService metadata) {
        this.metadata = metadata;
    }

    @GetMapping
    QuorumView quorum(@RequestParam Map<String, String> query) {
        new QueryParameters(query).requireSound();
        var quorum = metadata.description().quorum();
        return new QuorumView(
                quorum.nodeId(),
                quorum.leaderEpoch(),
                quorum.endOffset(),
                metadata.logStartOffset(),
                List.of(new VoterView(
                        quorum.nodeId(),
                        quorum.directoryId().toString(),
                        metadata.directory().toAbsolutePath().normalize().toString(),
                        quorum.endOffset())),
                new QuorumLinks(ApiPath.BASE + "/quorum", ApiPath.TOPICS + "/__cluster_metadata/partitions/0/records"));
    }

    record QuorumView(
            int leaderId,
            int leaderEpoch,
            long highWatermark,
            long logStartOffset,
            List<VoterView> voters,
            QuorumLinks links) {}

    record VoterView(int id, String directoryId, String directory, long logEndOffset) {}

    record QuorumLinks(String self, String metadataRecords) {}
}
