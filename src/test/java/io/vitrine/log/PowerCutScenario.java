package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.record.Batches;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The life of one log on a [SimulatedDisk], decided by a seed: it is appended to, flushed, read, closed, killed, and
/// its power is cut again and again. After each step, what can be read is compared with a [LogModel].
final class PowerCutScenario {
    private static final Path DIRECTORY = Path.of("/disk/topic-0");
    private static final int LEADER_EPOCH = 3;
    private static final List<DiskOperation> FAILING = List.of(
            DiskOperation.WRITE,
            DiskOperation.TRUNCATE,
            DiskOperation.FORCE,
            DiskOperation.OPEN,
            DiskOperation.FORCE_DIRECTORY);

    private final boolean failing;
    private final Random random;
    private final SimulatedDisk disk;
    private final LogSettings settings;
    private final RandomBatches source;
    private final LogModel model = new LogModel();
    private PartitionLog log;
    private int powerCuts;
    private boolean disturbed;
    private boolean stopping;
    private boolean damaged;

    /// @param failing do operations of the disk fail now and then?
    PowerCutScenario(long seed, boolean failing) throws IOException {
        this.failing = failing;
        this.random = new Random(seed);
        this.disk = new SimulatedDisk(random.nextLong());
        this.settings = LogSettings.DEFAULTS.withSegments(
                new LogSettings.Segments(1 << random.nextInt(9, 17), Long.MAX_VALUE, 0, 200, 10_000));
        this.source = new RandomBatches(random);
        // The directory itself is for the owner of the log to make.
        disk.createDirectories(DIRECTORY);
        disk.forceDirectory(Path.of("/"));
        disk.forceDirectory(Path.of("/disk"));
        disk.faults().workPiecemeal(failing);
        this.log = open();
        // Makes the first segment's name durable; until then the log may begin with a later one.
        log.flush();
    }

    /// Goes on until the power has been cut so often, or the log reports that it is damaged.
    void run(int cuts) throws IOException {
        while (powerCuts < cuts && !damaged) {
            step();
        }
        disk.kill();
    }

    int powerCuts() {
        return powerCuts;
    }

    boolean endedDamaged() {
        return damaged;
    }

    private PartitionLog open() throws IOException {
        return PartitionLog.open(
                new PartitionLog.Location(disk, DIRECTORY),
                settings,
                OpeningMarks.UNKNOWN,
                () -> Instant.ofEpochMilli(Batches.TIMESTAMP),
                new RecoveryProgress());
    }

    private void step() throws IOException {
        int what = random.nextInt(100);
        if (what < 55) {
            append();
        } else if (what < 70) {
            flush();
        } else if (what < 90) {
            read();
        } else if (what < 92) {
            log.close();
            reopen(model.count());
        } else if (what < 95) {
            disk.kill();
            reopen(model.count());
        } else {
            cutPower();
        }
    }

    private void append() throws IOException {
        var batch = source.next(model);
        assertThat(log.checkProducer(batch)).isEqualTo(new ProducerVerdict.InSequence());
        disturb();
        try {
            assertThat(log.append(batch, LEADER_EPOCH)).isEqualTo(model.endOffset());
            model.add(batch);
        } catch (IOException e) {
            tolerate(e, e instanceof LogBrokenException);
        }
        calmDown();
        assertThat(log.logEndOffset()).isEqualTo(model.endOffset());
    }

    private void flush() throws IOException {
        disturb();
        try {
            model.acknowledge(log.flush());
        } catch (IOException e) {
            tolerate(e, true);
        }
        calmDown();
    }

    /// @param broken is it unknown what the disk holds?
    private void tolerate(IOException failure, boolean broken) throws IOException {
        assertThat(disturbed).as("%s", failure).isTrue();
        if (broken && !stopping) {
            // Opened again without this, the log would take for durable what only memory holds.
            cutPower();
        }
    }

    private void calmDown() throws IOException {
        disk.faults().clear();
        disturbed = false;
        if (stopping) {
            stopping = false;
            cutPower();
        }
    }

    private void cutPower() throws IOException {
        disk.faults().clear();
        powerCuts++;
        disk.cutPower();
        if (random.nextInt(5) == 0) {
            stopWhileOpening();
        }
        reopen(model.acknowledgedCount());
    }

    private void stopWhileOpening() {
        disk.faults().stopAfter(random.nextInt(20));
        try {
            open().close();
        } catch (IOException e) {
            // Damaged or not, the next attempt tells.
        }
        disk.faults().clear();
        powerCuts++;
        disk.cutPower();
    }

    /// Lets something go wrong during the next steps of the disk, or the power go off between two of them.
    private void disturb() {
        switch (random.nextInt(20)) {
            case 0 -> {
                disturbed = true;
                stopping = true;
                disk.faults().stopAfter(random.nextInt(6));
            }
            case 1, 2 -> {
                disturbed = failing;
                if (failing) {
                    var operation = FAILING.get(random.nextInt(FAILING.size()));
                    var failure = random.nextBoolean() ? DiskFailure.NO_SPACE : DiskFailure.IO_ERROR;
                    disk.faults().failAfter(random.nextInt(3), operation, failure);
                }
            }
            default -> {}
        }
    }

    private void read() throws IOException {
        long offset = random.nextLong(model.endOffset() + 1);
        model.requireRead(offset, read(offset));
    }

    private List<RecordBatch> read(long offset) throws IOException {
        var batches = new ArrayList<RecordBatch>();
        log.read(offset, random.nextInt(20_000)).batches().forEach(batches::add);
        return batches;
    }

    private void reopen(int leastBatches) throws IOException {
        try {
            log = open();
        } catch (DamagedLogException e) {
            // Allowed where unforced batches came to disk in disorder; not one that was acknowledged may be touched.
            assertThat(leastBatches).as("%s", e.getMessage()).isLessThan(model.count());
            var acknowledged = model.acknowledgedBytes();
            assertThat(bytesOnDisk(acknowledged.remaining())).isEqualTo(acknowledged);
            damaged = true;
            return;
        }
        assertThat(log.logStartOffset()).isZero();
        model.requireSurvivors(readAll(), leastBatches);
        assertThat(log.logEndOffset()).isEqualTo(model.endOffset());
        for (int producerId = 0; producerId < RandomBatches.PRODUCERS; producerId++) {
            requireDuplicatesRecognised(producerId);
        }
    }

    /// Everything from the start to the end, each batch at the offset that follows the one before.
    private List<RecordBatch> readAll() throws IOException {
        var batches = new ArrayList<RecordBatch>();
        long offset = log.logStartOffset();
        while (offset < log.logEndOffset()) {
            var found = read(offset);
            assertThat(found).as("what lies at %d", offset).isNotEmpty();
            for (var batch : found) {
                assertThat(batch.baseOffset()).isEqualTo(offset);
                assertThat(batch.computedCrc()).isEqualTo(batch.crc());
                batches.add(batch);
                offset = batch.nextOffset();
            }
        }
        return batches;
    }

    private void requireDuplicatesRecognised(long producerId) {
        for (var batch : model.lastBatchesOf(producerId)) {
            assertThat(log.checkProducer(batch))
                    .as("batch %d of producer %d", batch.baseSequence(), producerId)
                    .isEqualTo(new ProducerVerdict.Duplicate(batch.baseOffset(), batch.maxTimestamp()));
        }
    }

    /// The first so many bytes of the segments' files, one after the other.
    private ByteBuffer bytesOnDisk(int count) throws IOException {
        var bytes = ByteBuffer.allocate(count);
        var names = disk.list(DIRECTORY).stream()
                .filter(name -> name.endsWith(LogFiles.LOG))
                .sorted()
                .toList();
        for (var name : names) {
            try (var file = SegmentFile.open(disk, DIRECTORY.resolve(name))) {
                file.read(bytes, 0);
            }
        }
        return bytes.flip();
    }
}
