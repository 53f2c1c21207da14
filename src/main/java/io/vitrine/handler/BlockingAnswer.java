package io.vitrine.handler;

import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.Subject;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers from a thread that may wait for the disk, and says so if the disk would not.
///
/// @param mayBlock runs what writes the metadata log or looks at disks
record BlockingAnswer(Executor mayBlock) {
    private static final Logger log = LoggerFactory.getLogger(BlockingAnswer.class);

    /// What has to be written or looked up for an answer.
    interface Work {
        ApiMessage answer() throws IOException;
    }

    CompletionStage<Answer> to(Request<?> request, Work work, Supplier<ApiMessage> storageFailed) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new Answer.Message(work.answer());
                    } catch (IOException e) {
                        log.error("{} could not be done", request.apiKey().name, e);
                        request.noteRefusal(
                                Subject.whole(), Errors.KAFKA_STORAGE_ERROR, "STORAGE", String.valueOf(e.getMessage()));
                        return new Answer.Message(storageFailed.get());
                    }
                },
                mayBlock);
    }
}
