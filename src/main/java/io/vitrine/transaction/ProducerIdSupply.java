package io.vitrine.transaction;

import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.ProducerIdBlock;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives out producer ids, each once, out of blocks that are written to the metadata log. Thread-safe.
public final class ProducerIdSupply {
    private static final Logger log = LoggerFactory.getLogger(ProducerIdSupply.class);
    // Logs made by hand tend to carry producer id 0; a real producer must not be taken for theirs.
    private static final long FIRST_ID = 1;

    private final MetadataService metadata;
    private final Executor mayBlock;
    // Held while the disk is waited for; nobody who holds it alone is in the way of who finds an id.
    private final Object allocation = new Object();
    private long nextId;
    private long endId;

    /// @param mayBlock runs what writes the metadata log
    public ProducerIdSupply(MetadataService metadata, Executor mayBlock) {
        this.metadata = metadata;
        this.mayBlock = mayBlock;
    }

    /// An id that nobody has; there at once, but for the first of a block.
    ///
    /// @return fails with Kafka's exception if none can be had
    public CompletableFuture<Long> next() {
        synchronized (this) {
            if (nextId < endId) {
                return CompletableFuture.completedFuture(nextId++);
            }
        }
        return CompletableFuture.supplyAsync(this::nextOfBlock, mayBlock);
    }

    private long nextOfBlock() {
        synchronized (allocation) {
            synchronized (this) {
                if (nextId < endId) {
                    return nextId++;
                }
            }
            var block = allocate();
            // Where the metadata was put back, it gives out again what this process has given out. Network threads,
            // which
            // ask for what is left of a block, do not wait for that.
            while (block.nextFirstId() <= end()) {
                block = allocate();
            }
            synchronized (this) {
                nextId = Math.max(Math.max(FIRST_ID, endId), block.firstId());
                endId = block.nextFirstId();
                return nextId++;
            }
        }
    }

    private synchronized long end() {
        return endId;
    }

    private ProducerIdBlock allocate() {
        try {
            return metadata.allocateProducerIds();
        } catch (IOException e) {
            log.error("No producer id could be had", e);
            throw new KafkaStorageException(String.valueOf(e.getMessage()));
        }
    }
}
