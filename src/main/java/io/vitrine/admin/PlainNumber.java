package io.vitrine.admin;

import java.util.regex.Pattern;

/// A whole number as Kafka would write it: the digits 0 to 9, no more of them than needed.
final class PlainNumber {
    private static final Pattern CANONICAL = Pattern.compile("0|-?[1-9][0-9]{0,18}");

    private PlainNumber() {}

    /// @throws NumberFormatException if it is none, or has more than 64 bits
    static long parse(String text) {
        if (!CANONICAL.matcher(text).matches()) {
            throw new NumberFormatException("'%s' is no plain number".formatted(QueryParameters.echo(text)));
        }
        return Long.parseLong(text);
    }
}
