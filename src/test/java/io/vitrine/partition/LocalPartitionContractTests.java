package io.vitrine.partition;

import io.vitrine.log.Disk;
import io.vitrine.log.LocalDisk;
import java.nio.file.Path;

/// A partition whose log lies on a disk of this machine.
class LocalPartitionContractTests extends PartitionContractTests {
    @Override
    Disk disk() {
        return new LocalDisk();
    }

    @Override
    Path place() {
        return directory.resolve("orders-0");
    }
}
