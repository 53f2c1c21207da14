package io.vitrine.transaction;

import java.util.concurrent.CompletionException;

/// What a step that failed really failed with.
final class Causes {
    private Causes() {}

    static Throwable of(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
