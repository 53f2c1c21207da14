package io.vitrine.transaction;

import org.apache.kafka.common.errors.ApiException;

/// A transition waits for a producer id that nobody has; it is made again with one.
@SuppressWarnings("serial")
final class NeedsProducerIdException extends ApiException {
    NeedsProducerIdException() {
        super("a producer id is needed");
    }
}
