package io.vitrine.server;

import io.vitrine.protocol.Answer;
import io.vitrine.tap.Exchange;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;

/// A request on its way to an answer.
///
/// @param version in which the answer is encoded
/// @param answer cancelled when nobody is there any more to get it
record Dispatched(Exchange exchange, short version, CompletableFuture<Answer> answer) {
    ApiKeys apiKey() {
        return exchange.apiKey();
    }

    int correlationId() {
        return exchange.correlationId();
    }
}
