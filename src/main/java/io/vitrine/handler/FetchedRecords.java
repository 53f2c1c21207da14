package io.vitrine.handler;

import io.vitrine.log.LogSlice;
import io.vitrine.log.PinnedFile;
import io.vitrine.protocol.FileRecords;
import io.vitrine.protocol.OpenRecords;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/// What a log has found, as records of Kafka's message.
record FetchedRecords(LogSlice.InFile slice) implements FileRecords {

    static BaseRecords of(LogSlice slice) {
        return switch (slice) {
            case LogSlice.InMemory(var bytes, var _) -> MemoryRecords.readableRecords(bytes);
            case LogSlice.InFile inFile -> new FetchedRecords(inFile);
        };
    }

    @Override
    public int sizeInBytes() {
        return slice.sizeInBytes();
    }

    @Override
    public OpenRecords open() throws IOException {
        return new Open(slice, slice.pin());
    }

    private record Open(LogSlice.InFile slice, PinnedFile file) implements OpenRecords {
        @Override
        public FileChannel channel() {
            return file.channel();
        }

        @Override
        public long position() {
            return slice.position();
        }

        @Override
        public int sizeInBytes() {
            return slice.sizeInBytes();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
