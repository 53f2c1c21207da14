package io.vitrine.control;

/// Why a snapshot is not made, put back or deleted.
public final class SnapshotException extends Exception {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    /// What kind of reason it is.
    public enum Kind {
        BAD_NAME,
        UNKNOWN,
        EXISTS,
        /// There are as many as there may be.
        TOO_MANY,
        /// More topics than one change of the metadata can hold.
        TOO_LARGE,
        /// The disk failed, or something on it is damaged.
        STORAGE
    }

    SnapshotException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    SnapshotException(Exception cause) {
        super(String.valueOf(cause.getMessage()), cause);
        this.kind = Kind.STORAGE;
    }

    public Kind kind() {
        return kind;
    }
}
