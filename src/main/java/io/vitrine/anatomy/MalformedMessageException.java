package io.vitrine.anatomy;

/// The bytes can't be what they are taken for.
final class MalformedMessageException extends Exception {
    private static final long serialVersionUID = 1;

    private final int position;

    /// @param position byte at which it is seen
    MalformedMessageException(int position, String reason) {
        super(reason);
        this.position = position;
    }

    int position() {
        return position;
    }
}
