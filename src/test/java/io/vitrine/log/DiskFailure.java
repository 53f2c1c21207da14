package io.vitrine.log;

import java.io.IOException;

/// How an operation of a [SimulatedDisk] fails, in the words of Linux.
public enum DiskFailure {
    IO_ERROR("Input/output error"),
    NO_SPACE("No space left on device");

    private final String message;

    DiskFailure(String message) {
        this.message = message;
    }

    IOException exception() {
        return new IOException(message);
    }
}
