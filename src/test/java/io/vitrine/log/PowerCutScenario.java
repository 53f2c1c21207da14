package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.record.Batches;
import io.vitrine.record.RecordBatch;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The life of one log on a [SimulatedDisk], decided by a seed: it is appended to, flushed, checkpointed, read, cut
/// short by retention, stopped, killed, and its power is cut again and again, between two operations or within one.
/// After each step, what can be read is compared with a [LogModel].
final class PowerCutScenario {
    private static final int LEADER_EPOCH = 3;
    private static final List<DiskOperation> FAILING = List.of(
            DiskOperation.WRITE,
            DiskOperation.TRUNCATE,
            DiskOperation.FORCE,
            DiskOperation.OPEN,
            DiskOperation.RENAME,
            DiskOperation.DELETE,
            DiskOperation.FORCE_DIRECTORY);

    private final boolean failing;
    private final Random random;
    private final SimulatedDisk disk;
    private final SimulatedLogDirectory directory;
    private final LogSettings settings;
    private final RandomBatches source;
    private final LogModel model = new LogModel();
    private long nowMs = Batches.TIMESTAMP;
    private PartitionLog log;
    private int powerCuts;
    private boolean disturbed;
    private boolean stopping;
    private boolean disturbedSinceOpening;

    /// Something that is done to the log and may fail.
    private interface Task {
        void run() throws IOException;
    }

    /// @param failing do operations of the disk fail now and then?
    PowerCutScenario(long seed, boolean failing) throws IOException {
        this.failing = failing;
        this.random = new Random(seed);
        this.disk = new SimulatedDisk(random.nextLong());
        this.settings = settings(random);
        this.source = new RandomBatches(random);
        this.directory = new SimulatedLogDirectory(disk);
        disk.faults().workPiecemeal(failing);
        this.log = open();
    }

    private static LogSettings settings(Random random) {
        long segmentMs = random.nextBoolean() ? Long.MAX_VALUE : 2_000;
        int indexBytes = random.nextBoolean() ? 10_000 : 60;
        long retentionMs = random.nextBoolean() ? -1 : 10_000;
        long retentionBytes = random.nextBoolean() ? -1 : 30_000;
        return LogSettings.DEFAULTS
                .withSegments(new LogSettings.Segments(1 << random.nextInt(9, 17), segmentMs, 0, 200, indexBytes))
                .withRetention(new LogSettings.Retention(true, retentionMs, retentionBytes, 300));
    }

    /// Goes on until the power has been cut so often.
    void run(int cuts) throws IOException {
        while (powerCuts < cuts) {
            step();
        }
        disk.kill();
    }

    int powerCuts() {
        return powerCuts;
    }

    private PartitionLog open() throws IOException {
        return PartitionLog.open(
                new PartitionLog.Location(disk, SimulatedLogDirectory.PARTITION),
                settings,
                directory.marks(LEADER_EPOCH),
                () -> Instant.ofEpochMilli(nowMs),
                new RecoveryProgress());
    }

    private void step() throws IOException {
        nowMs += random.nextInt(100);
        int what = random.nextInt(100);
        if (what < 50) {
            attempt(this::append);
        } else if (what < 60) {
            attempt(() -> model.acknowledge(log.flush()));
        } else if (what < 63) {
            attempt(log::tidy);
        } else if (what < 67) {
            attempt(this::checkpoint);
        } else if (what < 69) {
            attempt(this::roll);
        } else if (what < 73) {
            attempt(this::shorten);
        } else if (what < 83) {
            read();
        } else if (what < 87) {
            search();
        } else if (what < 90) {
            attempt(this::stopInOrder);
        } else if (what < 94) {
            disk.kill();
            reopen(true);
        } else {
            cutPower();
        }
    }

    /// Does something while things may go wrong.
    private void attempt(Task task) throws IOException {
        disturb();
        boolean broken = false;
        try {
            task.run();
        } catch (IOException e) {
            broken = e instanceof LogBrokenException;
            // A directory that could not be forced once is not forced again.
            assertThat(disturbed || (broken && disturbedSinceOpening))
                    .as("%s", e)
                    .isTrue();
        }
        disk.faults().clear();
        disturbed = false;
        if (broken || stopping) {
            // Opened again without this, the log would take for durable what only memory holds.
            stopping = false;
            cutPower();
        }
        assertThat(log.logEndOffset()).isEqualTo(model.endOffset());
    }

    /// Lets something go wrong during the next operations of the disk, or the power go off between two of them.
    private void disturb() {
        switch (random.nextInt(20)) {
            case 0 -> {
                disturbed = true;
                stopping = true;
                disk.faults().stopAfter(random.nextInt(12));
            }
            case 1, 2 -> {
                disturbed = failing;
                if (failing) {
                    disturbedSinceOpening = true;
                    var operation = FAILING.get(random.nextInt(FAILING.size()));
                    var failure = random.nextBoolean() ? DiskFailure.NO_SPACE : DiskFailure.IO_ERROR;
                    disk.faults().failAfter(random.nextInt(3), operation, failure);
                }
            }
            default -> {}
        }
    }

    private void append() throws IOException {
        var batch = source.next(model);
        long time = nowMs - random.nextInt(500);
        batch.bytes().putLong(RecordBatch.BASE_TIMESTAMP, time);
        batch.stampMaxTimestamp(time);
        assertThat(log.producers().check(batch)).isEqualTo(new ProducerVerdict.InSequence());
        assertThat(log.append(batch, LEADER_EPOCH)).isEqualTo(model.endOffset());
        model.add(batch);
    }

    private void checkpoint() throws IOException {
        log.upkeep().checkpoint(log.upkeep().now());
        model.acknowledge(log.offsets().durableOffset());
        directory.writeRecoveryPoint(log);
    }

    private void roll() throws IOException {
        if (log.segments().getLast().sizeInBytes() > 0) {
            log.roll();
        }
    }

    /// What retention or a client deletes.
    private void shorten() throws IOException {
        var upkeep = log.upkeep();
        long start = random.nextInt(3) == 0
                ? random.nextLong(log.logStartOffset(), log.logEndOffset() + 1)
                : upkeep.retainFrom(nowMs);
        upkeep.startAt(start);
        model.startAt(start);
        if (random.nextBoolean()) {
            model.acknowledge(log.flush());
        }
        model.promiseStart(directory.writeLogStart(log));
        upkeep.removeSegments(nowMs);
        upkeep.purge(nowMs - random.nextInt(400));
    }

    private void stopInOrder() throws IOException {
        try {
            log.upkeep().finish(log.upkeep().now());
            model.acknowledge(log.offsets().durableOffset());
            log.close();
            directory.writeRecoveryPoint(log);
            model.promiseStart(directory.writeLogStart(log));
            directory.markCleanlyStopped();
        } catch (LogBrokenException e) {
            throw e;
        } catch (IOException e) {
            assertThat(disturbed).as("%s", e).isTrue();
        }
        if (!stopping) {
            disk.faults().clear();
            disk.kill();
            reopen(true);
        }
    }

    private void cutPower() throws IOException {
        disk.faults().clear();
        powerCuts++;
        disk.cutPower();
        if (random.nextInt(5) == 0) {
            stopWhileOpening();
        }
        reopen(false);
    }

    private void stopWhileOpening() {
        disk.faults().stopAfter(random.nextInt(30));
        try {
            open().close();
        } catch (IOException e) {
            // The next attempt tells.
        }
        disk.faults().clear();
        powerCuts++;
        disk.cutPower();
    }

    private void read() throws IOException {
        long offset = random.nextLong(log.logStartOffset(), model.endOffset() + 1);
        try {
            model.requireRead(offset, read(offset));
        } catch (DamagedRangeException e) {
            model.requireLost(offset, e.range());
        }
    }

    private List<RecordBatch> read(long offset) throws IOException {
        var batches = new ArrayList<RecordBatch>();
        log.read(offset, random.nextInt(20_000)).batches().forEach(batches::add);
        return batches;
    }

    private void search() throws IOException {
        long time = nowMs - random.nextInt(5_000);
        assertThat(log.timestamps().findFirstFrom(time)).isEqualTo(model.firstFrom(time));
        assertThat(log.timestamps().findGreatest()).isEqualTo(model.greatest());
    }

    private void reopen(boolean everything) throws IOException {
        log = open();
        disturbedSinceOpening = false;
        model.requireSurvivors(readAll(), log.offsets(), everything);
        for (int producerId = 0; producerId < RandomBatches.PRODUCERS; producerId++) {
            requireLastBatchRecognised(producerId);
        }
        search();
    }

    /// Everything from the start to the end, each batch at the offset that follows the one before, or a range that is
    /// reported as damaged.
    private List<RecordBatch> readAll() throws IOException {
        var batches = new ArrayList<RecordBatch>();
        long offset = log.logStartOffset();
        while (offset < log.logEndOffset()) {
            try {
                var found = read(offset);
                assertThat(found).as("what lies at %d", offset).isNotEmpty();
                assertThat(found.getFirst().baseOffset()).isLessThanOrEqualTo(offset);
                for (var batch : found) {
                    assertThat(batch.lastOffset()).isGreaterThanOrEqualTo(offset);
                    assertThat(batch.computedCrc()).isEqualTo(batch.crc());
                    assertThat(batches.isEmpty() || batch.baseOffset() == offset)
                            .isTrue();
                    batches.add(batch);
                    offset = batch.nextOffset();
                }
            } catch (DamagedRangeException e) {
                assertThat(e.range().holds(offset)).isTrue();
                assertThat(log.damagedRanges()).contains(e.range());
                offset = e.range().nextOffset();
            }
        }
        return batches;
    }

    /// Of a producer that a snapshot is known of, the log remembers no more.
    private void requireLastBatchRecognised(long producerId) {
        var known = model.lastBatchesOf(producerId);
        if (!known.isEmpty() && known.getLast().nextOffset() > model.startOffset()) {
            var batch = known.getLast();
            assertThat(log.producers().check(batch))
                    .as("batch %d of producer %d", batch.baseSequence(), producerId)
                    .isEqualTo(new ProducerVerdict.Duplicate(batch.baseOffset(), batch.maxTimestamp()));
        }
    }
}
