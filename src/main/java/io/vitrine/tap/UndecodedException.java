package io.vitrine.tap;

/// A message can't be shown, and why.
final class UndecodedException extends Exception {
    private static final long serialVersionUID = 1;

    UndecodedException(String message) {
        super(message);
    }
}
