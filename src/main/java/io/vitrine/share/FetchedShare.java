package io.vitrine.share;

import io.vitrine.group.ShareKey;
import io.vitrine.log.LogSlice;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a member gets of one share partition.
///
/// @param batches whole batches; only those of their records count that are acquired
/// @param failure Kafka's exception if nothing can be given; else null
public record FetchedShare(
        ShareKey key,
        LogSlice batches,
        List<AcquiredRecords> acquired,
        @Nullable Throwable failure) {

    static FetchedShare failed(ShareKey key, Throwable failure) {
        return new FetchedShare(key, new LogSlice.InMemory(ByteBuffer.allocate(0)), List.of(), failure);
    }
}
