package io.vitrine.handler;

import io.vitrine.metadata.MetadataService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives an idempotent producer, which Kafka's Java client is unless told otherwise, an id of its own. Transactions
/// are not served: a request that names one is refused.
public final class InitProducerIdHandler implements RequestHandler<InitProducerIdRequestData> {
    private static final Logger log = LoggerFactory.getLogger(InitProducerIdHandler.class);
    private static final short FIRST_EPOCH = 0;

    private final MetadataService metadata;
    private final Executor mayBlock;
    private long nextId;
    private long endId;

    /// @param mayBlock runs what writes the metadata log
    public InitProducerIdHandler(MetadataService metadata, Executor mayBlock) {
        this.metadata = metadata;
        this.mayBlock = mayBlock;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.INIT_PRODUCER_ID;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 5);
    }

    @Override
    public CompletionStage<Answer> handle(Request<InitProducerIdRequestData> request) {
        if (request.message().transactionalId() != null) {
            request.noteRefusal(
                    String.valueOf(request.message().transactionalId()),
                    Errors.INVALID_REQUEST,
                    "TRANSACTIONS_NOT_SERVED",
                    "expected no transactional id, as transactions are not served");
            return CompletableFuture.completedFuture(refused(Errors.INVALID_REQUEST));
        }
        return CompletableFuture.supplyAsync(() -> answer(request), mayBlock);
    }

    private Answer answer(Request<InitProducerIdRequestData> request) {
        try {
            return new Answer.Message(
                    new InitProducerIdResponseData().setProducerId(nextId()).setProducerEpoch(FIRST_EPOCH));
        } catch (IOException e) {
            log.error("No producer id could be had", e);
            request.noteRefusal("", Errors.KAFKA_STORAGE_ERROR, "STORAGE", String.valueOf(e.getMessage()));
            return refused(Errors.KAFKA_STORAGE_ERROR);
        }
    }

    private synchronized long nextId() throws IOException {
        if (nextId == endId) {
            var block = metadata.allocateProducerIds();
            // Logs made by hand tend to carry producer id 0; a real producer must not be taken for theirs.
            nextId = Math.max(1, block.firstId());
            endId = block.nextFirstId();
        }
        return nextId++;
    }

    private static Answer refused(Errors error) {
        return new Answer.Message(new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(-1)
                .setProducerEpoch((short) -1));
    }
}
