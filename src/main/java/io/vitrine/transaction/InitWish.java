package io.vitrine.transaction;

import org.jspecify.annotations.Nullable;

/// Somebody wants to be the one producer of a transactional id.
///
/// @param timeoutMs its transactions are aborted when they are open for longer
/// @param expected what it was before, if it wants to go on after an error
public record InitWish(
        String transactionalId, int timeoutMs, @Nullable Producer expected) {}
