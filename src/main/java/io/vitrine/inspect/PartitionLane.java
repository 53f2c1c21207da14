package io.vitrine.inspect;

import java.io.Closeable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One partition's records on their way into a [TopicCursor]: a position, an end, and what comes next. While it is
/// parked it holds nothing but that.
final class PartitionLane implements Closeable {
    private final ReadableLog log;
    private final RecordOptions options;
    private final long end;
    private long position;
    private RecordHead head = RecordHead.atOnce(0);
    private @Nullable RecordCursor cursor;
    private @Nullable DeletedRange deleted;

    PartitionLane(TopicCursor.Part part, RecordOptions options) {
        this.log = part.log();
        this.options = options;
        this.position = part.from();
        this.end = part.to();
    }

    ReadableLog log() {
        return log;
    }

    /// Offset of what comes next.
    long position() {
        return position;
    }

    boolean isAtEnd() {
        return position >= end;
    }

    boolean isOpen() {
        return cursor != null;
    }

    /// What comes next, as of the last [#advance].
    RecordHead head() {
        return head;
    }

    /// Finds out what comes next; false if nothing does.
    boolean advance() throws UnreadableLogException {
        if (isAtEnd()) {
            return finish();
        }
        try {
            return findHead();
        } catch (UnreadableLogException e) {
            if (isDeleted()) {
                park();
                return findHead();
            }
            throw new UnreadableLogException("%s: %s".formatted(log.name(), e.getMessage()));
        }
    }

    /// Takes what comes next, and gives it if `filter` wants it.
    Optional<RecordEntry> take(RecordFilter filter) throws UnreadableLogException {
        if (cursor == null && deleted == null && !advance()) {
            return Optional.empty();
        }
        var gone = deleted;
        var open = cursor;
        if (gone != null || open == null) {
            deleted = null;
            position = gone == null ? position : gone.nextOffset();
            return Optional.ofNullable(gone);
        }
        long next = Math.max(position, head.offset()) + 1;
        var entry = open.take(filter);
        position = entry.isPresent() ? Math.max(next, entry.get().nextOffset()) : next;
        return entry;
    }

    /// Takes what comes next without a look at it.
    void skip() throws UnreadableLogException {
        var open = cursor;
        if (open == null) {
            take(RecordFilter.ALL);
            return;
        }
        position = Math.max(position, head.offset()) + 1;
        open.skip();
    }

    /// Lets go of what it holds in memory.
    void park() {
        var open = cursor;
        cursor = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        park();
    }

    private boolean findHead() throws UnreadableLogException {
        var open = cursor;
        if (open == null) {
            long logStart = log.findOffsets()
                    .orElseThrow(
                            () -> new UnreadableLogException(log.offlineReason().orElse("there is no log")))
                    .logStartOffset();
            if (position < logStart) {
                deleted = new DeletedRange(position, logStart - 1);
                head = RecordHead.atOnce(position);
                return true;
            }
            open = new RecordCursor(log, position, options);
            cursor = open;
        }
        var found = open.peek();
        if (found.isEmpty() || found.get().offset() >= end) {
            return finish();
        }
        head = found.get();
        return true;
    }

    private boolean finish() {
        park();
        position = Math.max(position, end);
        return false;
    }

    private boolean isDeleted() {
        return log.findOffsets()
                .map(offsets -> position < offsets.logStartOffset())
                .orElse(false);
    }
}
