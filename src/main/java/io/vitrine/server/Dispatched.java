package io.vitrine.server;

import io.vitrine.protocol.Answer;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;

/// A request on its way to an answer.
///
/// @param version in which the answer is encoded
/// @param answer cancelled when nobody is there any more to get it
record Dispatched(
        ApiKeys apiKey,
        short version,
        int correlationId,
        String clientId,
        long startNanos,
        CompletableFuture<Answer> answer) {}
