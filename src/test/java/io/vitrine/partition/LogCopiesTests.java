package io.vitrine.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.log.Disk;
import io.vitrine.log.DiskFile;
import io.vitrine.log.LocalDisk;
import io.vitrine.log.LogDirectory;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.MetadataSettings;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.record.Batches;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A copy is one of the log that was meant, or there is none.
class LogCopiesTests {
    private static final int NODE_ID = 1;

    @TempDir
    Path work;

    // Done once, when a file is about to be forced.
    private final AtomicReference<@Nullable Runnable> beforeForce = new AtomicReference<>();

    @SuppressWarnings("NullAway.Init")
    private MetadataService metadata;

    @SuppressWarnings("NullAway.Init")
    private LogDirectory logDirectory;

    @SuppressWarnings("NullAway.Init")
    private PartitionLogService service;

    @BeforeEach
    void start() throws Exception {
        metadata = MetadataService.open(MetadataSettings.of(NODE_ID, work.resolve("metadata")));
        logDirectory =
                LogDirectory.open(Files.createDirectory(work.resolve("logs")), watched(Disk.class, new LocalDisk()));
        service = new PartitionLogService(
                PartitionSettings.of(NODE_ID, TopicRules.KAFKA_DEFAULTS, true),
                List.of(logDirectory),
                Clock.systemUTC());
        service.apply(metadata.image());
        metadata.topicChanges().prepare(change -> service.prepare(change));
        metadata.topicChanges().listen(change -> service.apply(change));
        metadata.createTopic("orders", 1, Map.of());
        // With this, the names are forced too, and what comes next waits for the disk only when it is copied.
        append("old", Durability.DISK);
    }

    @AfterEach
    void stop() throws Exception {
        service.close();
        logDirectory.close();
        metadata.close();
    }

    @Test
    void aTopicThatIsMadeAgainWhileItIsCopiedIsNotTakenForTheOther() throws Exception {
        var copies = service.controls().copies();
        var before = orders();
        append("not forced", Durability.PAGE_CACHE);
        beforeForce.set(this::makeAgain);

        assertThatThrownBy(() -> copies.copy(List.of(before), work.resolve("copy")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("orders-0");

        assertThat(beforeForce).hasValue(null);
        assertThat(orders()).isNotSameAs(before);
        assertThatThrownBy(() -> copies.copy(List.of(before), work.resolve("later")))
                .isInstanceOf(IOException.class);
        var copy = copies.copy(List.of(orders()), work.resolve("again")).getFirst();
        assertThat(copy.end()).isEqualTo(1);
        try (var files = Files.list(copy.directory())) {
            assertThat(files.map(file -> file.getFileName().toString())).contains("00000000000000000000.log");
        }
    }

    private void makeAgain() {
        try {
            metadata.topicChanges()
                    .delete(List.of(
                            metadata.image().findTopic("orders").orElseThrow().id()));
            metadata.createTopic("orders", 1, Map.of());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        append("new", Durability.PAGE_CACHE);
    }

    private void append(String value, Durability durability) {
        var outcome = orders().append(Batches.of(value), durability, true).join();
        assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
    }

    private Partition orders() {
        return service.find(new TopicPartition("orders", 0)).orElseThrow();
    }

    /// Does all that `actual` does, with files that are watched.
    private <T> T watched(Class<T> type, T actual) {
        return type.cast(Objects.requireNonNull(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    var then = method.getName().equals("force") ? beforeForce.getAndSet(null) : null;
                    if (then != null) {
                        then.run();
                    }
                    try {
                        var result = method.invoke(actual, arguments);
                        return result instanceof DiskFile file ? watched(DiskFile.class, file) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                })));
    }
}
