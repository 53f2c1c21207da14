package io.vitrine.admin;

import io.vitrine.inspect.RecordCursor;
import io.vitrine.inspect.UnreadableLogException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A page of the metadata log or of a checkpoint. It looks at one record more than it shows, to know whether there is
/// another page.
final class MetadataRows implements PageWriter.Rows {
    private final RecordCursor cursor;
    private final String path;
    private final Map<String, String> query;
    private final Map<String, Object> closing;
    private int left;
    private long nextOffset;
    private boolean isMore;

    /// @param closing what else the page says at its end
    MetadataRows(RecordCursor cursor, int limit, String path, Map<String, String> query, Map<String, Object> closing) {
        this.cursor = cursor;
        this.left = limit;
        this.path = path;
        this.query = query;
        this.closing = new TreeMap<>(closing);
    }

    @Override
    public Optional<MetadataRecordView> next() throws UnreadableLogException {
        var entry = cursor.next();
        if (left == 0) {
            isMore = entry.isPresent();
            return Optional.empty();
        }
        left--;
        entry.ifPresent(found -> nextOffset = found.nextOffset());
        return entry.map(found -> MetadataRecordView.of(found, cursor.lastBatch()));
    }

    @Override
    public @Nullable String nextPage() {
        return isMore ? NextPage.from(nextOffset, path, query) : null;
    }

    @Override
    public Map<String, Object> closing() {
        return closing;
    }
}
