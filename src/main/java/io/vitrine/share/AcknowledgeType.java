package io.vitrine.share;

import java.util.Optional;

/// What a member says of a record that it holds.
public enum AcknowledgeType {
    /// There is no such record.
    GAP,
    /// It is dealt with.
    ACCEPT,
    /// Somebody may try again.
    RELEASE,
    /// Nobody shall try again.
    REJECT,
    /// The member needs more time.
    RENEW;

    private static final AcknowledgeType[] BY_CODE = values();

    /// The type with Kafka's number, if there is one.
    public static Optional<AcknowledgeType> find(byte code) {
        return code >= 0 && code < BY_CODE.length ? Optional.of(BY_CODE[code]) : Optional.empty();
    }
}
