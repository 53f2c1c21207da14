package io.vitrine;

import io.vitrine.log.RecoveryReport;
import io.vitrine.partition.Partition;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;

/// A broker without the web side, to be killed: `BareBroker <directory> <port> [name=value …]`. When clients can come,
/// it prints how its logs were opened.
final class BareBroker {
    private BareBroker() {}

    /// What lies in the logs, and what of it was checked when they were opened.
    record Opening(long logBytes, long bytesToCheck, long damagedRanges) {
        private static final Pattern LINE =
                Pattern.compile("opened: (\\d+) bytes, (\\d+) to check, (\\d+) damaged ranges");

        static Opening parse(String output) {
            var line = LINE.matcher(output);
            if (!line.find()) {
                throw new IllegalArgumentException("not opened: " + output);
            }
            return new Opening(
                    Long.parseLong(line.group(1)), Long.parseLong(line.group(2)), Long.parseLong(line.group(3)));
        }
    }

    public static void main(String... arguments) throws InterruptedException {
        var settings = new HashMap<>(Map.of(
                "listeners", "PLAINTEXT://127.0.0.1:" + arguments[1],
                "num.partitions", "4",
                "log.segment.bytes", "65536",
                "log.initial.task.delay.ms", "0",
                "log.flush.offset.checkpoint.interval.ms", "200"));
        for (int i = 2; i < arguments.length; i++) {
            var setting = arguments[i].split("=", 2);
            settings.put(setting[0], setting[1]);
        }
        var running = RunningBroker.in(Path.of(arguments[0]), settings);
        Runtime.getRuntime().addShutdownHook(new Thread(running::close));
        var partitions = running.broker().partitions();
        var reports = partitions.recoveries().values();
        System.out.printf(
                "opened: %d bytes, %d to check, %d damaged ranges%n",
                partitions.partitions().stream()
                        .mapToLong(Partition::sizeInBytes)
                        .sum(),
                reports.stream().mapToLong(RecoveryReport::bytesToCheck).sum(),
                reports.stream().mapToLong(report -> report.damaged().size()).sum());
        new CountDownLatch(1).await();
    }
}
