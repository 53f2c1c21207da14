package io.vitrine.admin;

import java.math.BigDecimal;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// Whole numbers in bodies. JSON has one kind of number, and programs write it as they like: `3`, `3.0` and `3e0` are
/// the same.
final class WholeNumber {
    private WholeNumber() {}

    /// Empty if it is no number, or none that is whole and fits.
    static OptionalLong find(JsonNode node) {
        return node.isNumber() ? whole(node.decimalValue()) : OptionalLong.empty();
    }

    /// Empty if it is no number, or none that is whole and fits.
    ///
    /// @param json as it stands there
    static OptionalLong find(String json) {
        try {
            return whole(new BigDecimal(json));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /// Empty if it is no number, or none that is whole and lies between the two.
    static OptionalLong find(JsonNode node, long min, long max) {
        var number = find(node);
        return number.isPresent() && number.getAsLong() >= min && number.getAsLong() <= max
                ? number
                : OptionalLong.empty();
    }

    private static OptionalLong whole(BigDecimal number) {
        try {
            // Looks at the exponent before it writes out a single digit, of which there may be a billion.
            return OptionalLong.of(number.longValueExact());
        } catch (ArithmeticException e) {
            return OptionalLong.empty();
        }
    }
}
