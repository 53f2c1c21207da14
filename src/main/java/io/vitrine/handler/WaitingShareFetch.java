package io.vitrine.handler;

import io.vitrine.group.ShareKey;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.Topic;
import io.vitrine.protocol.Purgatory;
import io.vitrine.protocol.PurgatoryEntry;
import io.vitrine.protocol.Request;
import io.vitrine.share.ShareFetch;
import java.time.Clock;
import java.time.Instant;
import org.apache.kafka.common.message.ShareFetchRequestData;

/// A fetch of a member of a share group that waits, as the purgatory shows it.
final class WaitingShareFetch implements Purgatory.Waiting {
    private static final int NO_FETCH_SESSION = 0;

    private final Request<ShareFetchRequestData> request;
    private final ShareFetch fetch;
    private final MetadataService metadata;
    private final Instant since = Instant.now(Clock.systemUTC());

    WaitingShareFetch(Request<ShareFetchRequestData> request, ShareFetch fetch, MetadataService metadata) {
        this.request = request;
        this.fetch = fetch;
        this.metadata = metadata;
    }

    @Override
    public PurgatoryEntry describe(long id, int maxPartitions) {
        var wish = fetch.wish();
        return new PurgatoryEntry(
                id,
                request.apiKey().name,
                request.clientId(),
                request.caller(),
                NO_FETCH_SESSION,
                since,
                since.plusMillis(wish.maxWaitMs()),
                wish.minBytes(),
                fetch.bytesFound(),
                wish.keys().stream().limit(maxPartitions).map(this::label).toList(),
                wish.keys().size());
    }

    private String label(ShareKey key) {
        return "%s-%d"
                .formatted(
                        metadata.image()
                                .findTopic(key.topicId())
                                .map(Topic::name)
                                .orElseGet(() -> key.topicId().toString()),
                        key.partition());
    }
}
