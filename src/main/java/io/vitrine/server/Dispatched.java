package io.vitrine.server;

import io.vitrine.protocol.Answer;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;

/// A request on its way to an answer.
///
/// @param version in which the answer is encoded
record Dispatched(
        ApiKeys apiKey,
        short version,
        int correlationId,
        String clientId,
        long startNanos,
        CompletionStage<Answer> answer) {}
