package io.vitrine.log;

/// What one compaction may take of the memory.
///
/// @param dedupeBufferBytes for the map from keys to offsets, at most; it takes no more than its log can need
/// @param ioBufferBytes for reading and writing together
/// @param loadFactor how full the map may get
/// @param maxUncompressedBytes a batch that unpacks to more is left as it is
public record CleanerMemory(long dedupeBufferBytes, int ioBufferBytes, double loadFactor, long maxUncompressedBytes) {}
