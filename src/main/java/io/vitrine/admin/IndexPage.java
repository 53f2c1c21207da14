package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of index entries, which are counted from 0.
///
/// @param next where the next page is; absent if this is the last one
@JsonInclude(JsonInclude.Include.NON_NULL)
record IndexPage(List<Object> items, @Nullable String next) {

    /// Which entries are asked for.
    ///
    /// @param from number of the first
    record Range(int from, int limit) {
        static Range of(QueryParameters parameters) {
            return new Range(parameters.number("from", 0, 0, Integer.MAX_VALUE), parameters.limit());
        }

        /// As many entries as have to be read: one more than is shown tells whether there is a next page.
        int toRead() {
            return limit + 1;
        }
    }

    /// How an entry is shown.
    interface Shape<E> {
        Object view(int number, E entry);
    }

    /// @param path of the index, for the link to the next page
    static <E> IndexPage of(Range range, List<E> read, Shape<E> shape, String path) {
        var items = new ArrayList<>();
        for (var entry : read.subList(0, Math.min(read.size(), range.limit()))) {
            items.add(shape.view(range.from() + items.size(), entry));
        }
        boolean more = read.size() > range.limit();
        return new IndexPage(
                items,
                more ? "%s?from=%d&limit=%d".formatted(path, range.from() + range.limit(), range.limit()) : null);
    }
}
