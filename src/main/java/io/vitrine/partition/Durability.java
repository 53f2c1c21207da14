package io.vitrine.partition;

/// When an append is answered.
public enum Durability {
    /// When other processes can read it: it is in the page cache and outlives this process.
    PAGE_CACHE,
    /// When an fsync has covered it: it outlives the machine.
    DISK
}
