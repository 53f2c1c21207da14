package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/// A page of a list that is in memory, whose items have an order: `from` says with which the page begins, `limit` how
/// many it has. Without a limit it has as many as a page may have.
///
/// @param next where the next page is; absent if this is the last one
@JsonInclude(JsonInclude.Include.NON_NULL)
record ListPage<V>(List<V> items, @Nullable String next) {

    /// How items are shown, and told apart.
    ///
    /// @param view which is made only of what is on the page
    /// @param place what `from` says of an item; needs no escaping
    record Shape<T, V>(Function<T, V> view, Function<T, Object> place) {}

    /// @param parameters which have been read
    static int limit(QueryParameters parameters) {
        return parameters.number("limit", QueryParameters.MAX_LIMIT, 1, QueryParameters.MAX_LIMIT);
    }

    /// @param behind the items from `from` on
    /// @param query of the request, for the link to the next page
    static <T, V> ListPage<V> of(List<T> behind, int limit, Shape<T, V> shape, String path, Map<String, String> query) {
        var items = behind.stream().limit(limit).map(shape.view()).toList();
        return new ListPage<>(
                items,
                behind.size() > limit
                        ? next(path, query, String.valueOf(shape.place().apply(behind.get(limit))))
                        : null);
    }

    private static String next(String path, Map<String, String> query, String from) {
        var parameters = new TreeMap<>(query);
        parameters.put("from", from);
        var link = UriComponentsBuilder.fromPath(path);
        parameters.forEach(link::queryParam);
        return link.encode().build().toUriString();
    }
}
