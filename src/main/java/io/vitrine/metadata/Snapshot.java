package io.vitrine.metadata;

import org.apache.kafka.image.MetadataImage;

/// What a checkpoint is to hold: everything as of one end of the log. Immutable, so that it can be written while the
/// log goes on.
record Snapshot(MetadataImage image, LogEnd end, ControlRecords control) {}
