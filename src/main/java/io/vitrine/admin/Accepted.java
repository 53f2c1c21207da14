package io.vitrine.admin;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;

/// Chooses among several forms of one answer. The mapping's `produces` has already refused what none of them fits.
final class Accepted {
    static final String NDJSON = MediaType.APPLICATION_NDJSON_VALUE;

    private Accepted() {}

    /// Does the caller want a line for each row rather than one JSON object?
    static boolean wantsLines(HttpServletRequest request) {
        return choose(request, MediaType.APPLICATION_JSON, MediaType.APPLICATION_NDJSON)
                .equals(MediaType.APPLICATION_NDJSON);
    }

    /// The form that the caller likes best; the first one if any will do.
    static MediaType choose(HttpServletRequest request, MediaType... offered) {
        var header = request.getHeader(HttpHeaders.ACCEPT);
        var accepted = MediaType.parseMediaTypes(header);
        MimeTypeUtils.sortBySpecificity(accepted);
        return accepted.stream()
                .flatMap(wanted -> List.of(offered).stream().filter(wanted::includes))
                .findFirst()
                .orElse(offered[0]);
    }
}
