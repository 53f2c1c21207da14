package io.vitrine.control;

/// A copy of everything: topics, records, configs, groups.
///
/// @param records offsets between start and end of its logs
/// @param sizeInBytes of its files, most of which it shares with the logs, or with other snapshots
public record Snapshot(String name, long createdMs, int topics, int partitions, long records, long sizeInBytes) {}
