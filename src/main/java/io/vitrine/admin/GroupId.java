package io.vitrine.admin;

import org.jspecify.annotations.Nullable;

/// Which group is meant: `/groups/{group}`, with all but letters and digits escaped, or `/group?id=` for ids that no
/// path can hold, such as the empty one.
final class GroupId {
    private GroupId() {}

    /// @param fromPath null if the path holds none
    static String of(@Nullable String fromPath, QueryParameters parameters) {
        if (fromPath != null) {
            return fromPath;
        }
        return parameters.text("id").orElseGet(() -> {
            parameters.violate("id", "expected the id of a group, which may be empty");
            return "";
        });
    }
}
