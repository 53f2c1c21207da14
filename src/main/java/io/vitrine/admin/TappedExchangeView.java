package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.vitrine.tap.ShownBodies;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/// A request and its answer, with what is in them.
record TappedExchangeView(@JsonUnwrapped ExchangeView exchange, BodiesView bodies) {

    /// @param request by Kafka's names of the fields; absent if it can't be shown
    /// @param response the same of the answer; absent if there was none
    /// @param truncated present where something was cut off
    /// @param undecoded why something is not shown that was there
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BodiesView(
            @Nullable RawValue request,
            @Nullable RawValue response,
            @Nullable Boolean truncated,
            @Nullable String undecoded) {
        static BodiesView of(ShownBodies bodies) {
            return new BodiesView(
                    raw(bodies.request()),
                    raw(bodies.response()),
                    bodies.truncated() ? true : null,
                    bodies.undecoded());
        }

        private static @Nullable RawValue raw(@Nullable String json) {
            return json == null ? null : new RawValue(json);
        }
    }
}
