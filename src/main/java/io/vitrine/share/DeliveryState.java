package io.vitrine.share;

/// What has become of a record in flight.
/// ```
///                          accept
///   ┌▶ AVAILABLE ─acquire▶ ACQUIRED ──────────────▶ ACKNOWLEDGED
///   │                       │    │  reject, gap
///   │                       │    └────────────────▶ ARCHIVED
///   │  release, lock ended, │                          ▲
///   └──── session closed ───┴──(delivered too often)───┘
/// ```
/// Accept, reject and release hold when they are on disk, and until then nobody else gets the record. The end of a
/// lock holds at once.
public enum DeliveryState {
    AVAILABLE(0),
    ACQUIRED(1),
    ACKNOWLEDGED(2),
    ARCHIVED(4);

    private final byte id;

    DeliveryState(int id) {
        this.id = (byte) id;
    }

    /// Kafka's number for it, in what is kept on disk.
    byte id() {
        return id;
    }

    /// Will the record never be delivered again?
    boolean isFinal() {
        return this == ACKNOWLEDGED || this == ARCHIVED;
    }

    /// What is kept as another state than these was not given to anybody when it was written.
    static DeliveryState ofStored(byte id) {
        return id == ACKNOWLEDGED.id ? ACKNOWLEDGED : id == AVAILABLE.id || id == ACQUIRED.id ? AVAILABLE : ARCHIVED;
    }
}
