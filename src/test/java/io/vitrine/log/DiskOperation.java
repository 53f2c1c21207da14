package io.vitrine.log;

/// What a [SimulatedDisk] counts and lets fail.
public enum DiskOperation {
    OPEN,
    READ,
    WRITE,
    TRUNCATE,
    FORCE,
    LIST,
    CREATE_DIRECTORY,
    RENAME,
    DELETE,
    FORCE_DIRECTORY
}
