package io.vitrine.transaction;

/// A producer as its batches name it.
public record Producer(long id, short epoch) {}
