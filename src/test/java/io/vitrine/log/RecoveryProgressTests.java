package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.log.RecoveryReport.State;
import org.junit.jupiter.api.Test;

class RecoveryProgressTests {
    private final RecoveryProgress progress = new RecoveryProgress();

    @Test
    void nothingIsKnownBeforeItBegins() {
        assertThat(progress.report().state()).isEqualTo(State.WAITING);
        assertThat(progress.report().elapsedMs()).isZero();
    }

    @Test
    void whatIsFoundAddsUp() {
        var damaged = new DamagedRange(0, 100, 61, 7, 9, "crc");

        progress.begin();
        progress.toCheck(1000);
        progress.toCheck(500);
        progress.checked(900);
        progress.found(damaged);
        progress.cut(39);

        var report = progress.report();
        assertThat(report.state()).isEqualTo(State.RUNNING);
        assertThat(report.bytesToCheck()).isEqualTo(1500);
        assertThat(report.bytesChecked()).isEqualTo(900);
        assertThat(report.bytesCut()).isEqualTo(39);
        assertThat(report.damaged()).containsExactly(damaged);
        assertThat(report.failure()).isNull();
    }

    @Test
    void aReportStaysAsItWas() {
        progress.begin();
        var before = progress.report();

        progress.checked(10);
        progress.done();

        assertThat(before.state()).isEqualTo(State.RUNNING);
        assertThat(before.bytesChecked()).isZero();
        assertThat(progress.report().state()).isEqualTo(State.DONE);
    }

    @Test
    void aFailureKeepsItsReason() {
        progress.begin();

        progress.failed("the disk is gone");

        assertThat(progress.report().state()).isEqualTo(State.FAILED);
        assertThat(progress.report().failure()).isEqualTo("the disk is gone");
    }
}
