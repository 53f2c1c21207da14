package io.vitrine.admin;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;

/// The part of a file that a caller wants, by the `Range` header of RFC 9110.
///
/// @param partial does it ask for a part? Else all of the file is meant
record ByteRange(long position, long length, boolean partial) {
    private static final String BYTES = "bytes=";

    /// What of a file of `size` bytes is asked for. Several ranges at once, other units, and a condition (nothing has
    /// a tag that could meet it) all get the whole file, as the RFC allows.
    ///
    /// @throws ApiProblem if the range lies behind the end of the file, or is none
    static ByteRange of(HttpServletRequest request, long size) {
        var header = request.getHeader(HttpHeaders.RANGE);
        boolean conditional = request.getHeader(HttpHeaders.IF_RANGE) != null;
        if (header == null || conditional || !header.startsWith(BYTES)) {
            return new ByteRange(0, size, false);
        }
        var ranges = parse(header, size);
        if (ranges.size() > 1) {
            return new ByteRange(0, size, false);
        }
        long first = ranges.getFirst().getRangeStart(size);
        long last = ranges.getFirst().getRangeEnd(size);
        if (first >= size || last < first) {
            throw ApiProblem.rangeNotSatisfiable(header, size);
        }
        return new ByteRange(first, last - first + 1, true);
    }

    private static List<HttpRange> parse(String header, long size) {
        try {
            var ranges = HttpRange.parseRanges(header);
            if (!ranges.isEmpty()) {
                return ranges;
            }
        } catch (IllegalArgumentException e) {
            // Refused below, like no range at all.
        }
        throw ApiProblem.rangeNotSatisfiable(header, size);
    }

    /// The `Content-Range` of the answer.
    String contentRange(long size) {
        return "bytes %d-%d/%d".formatted(position, position + length - 1, size);
    }
}
