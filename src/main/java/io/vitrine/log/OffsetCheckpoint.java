package io.vitrine.log;

/// The files in a log directory that keep an offset for each of its partitions.
public enum OffsetCheckpoint {
    /// Up to where everything is surely on disk.
    RECOVERY_POINT("recovery-point-offset-checkpoint"),
    LOG_START("log-start-offset-checkpoint"),
    HIGH_WATERMARK("replication-offset-checkpoint"),
    /// Up to where the log has been compacted.
    CLEANER("cleaner-offset-checkpoint");

    private final String fileName;

    OffsetCheckpoint(String fileName) {
        this.fileName = fileName;
    }

    public String fileName() {
        return fileName;
    }
}
