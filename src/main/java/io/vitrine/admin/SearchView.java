package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.log.OffsetIndexEntry;
import org.jspecify.annotations.Nullable;

/// How a search finds a batch: by the index entry at or before the offset, and from there along the batch headers.
///
/// @param indexEntry absent if the index has none there, so that the search begins with the segment
/// @param bytesWalked from there to the batch
record SearchView(
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable EntryView indexEntry, long bytesWalked) {

    record EntryView(long offset, int position) {}

    /// @param position byte in the segment file at which the batch begins
    static SearchView of(OffsetIndexEntry entry, long position) {
        return entry.position() == 0
                ? new SearchView(null, position)
                : new SearchView(new EntryView(entry.offset(), entry.position()), position - entry.position());
    }
}
