package io.vitrine.control;

import io.vitrine.group.GroupService;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;

/// Everything a test may do to the whole broker.
public final class TestControls {
    private final Waits waits;

    public TestControls(MetadataService metadata, PartitionLogService partitions, GroupService groups) {
        this.waits = new Waits(metadata, partitions, groups);
    }

    public Waits waits() {
        return waits;
    }
}
