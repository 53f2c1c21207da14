package io.vitrine.partition;

import io.vitrine.metadata.TopicPartition;
import java.time.Duration;

/// The appends of a partition that are written and wait for the disk to be forced.
///
/// @param appends how many
/// @param nextOffset the offset behind the last of them
/// @param longest how long the one has waited that came first
public record DiskWait(TopicPartition partition, int appends, long nextOffset, Duration longest) {}
