package io.vitrine.admin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/// Bytes as they are, as a whole or by `Range`, which a browser saves under a name and never shows.
final class Download {
    private Download() {}

    /// Answers with `bytes`, or the part of them that is asked for.
    ///
    /// @throws ApiProblem if the range lies behind their end, or is none
    static void write(HttpServletRequest request, HttpServletResponse response, String fileName, ByteBuffer bytes)
            throws IOException {
        int size = bytes.remaining();
        var range = ByteRange.of(request, size);
        writeHead(response, fileName, range, size);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(bytes.slice((int) range.position(), (int) range.length()));
        }
    }

    /// Answers with all but the bytes.
    ///
    /// @param fileName without quotes
    static void writeHead(HttpServletResponse response, String fileName, ByteRange range, long size) {
        response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
        response.setContentLengthLong(range.length());
        response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + fileName + "\"");
        if (range.partial()) {
            response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
            response.setHeader(HttpHeaders.CONTENT_RANGE, range.contentRange(size));
        }
    }
}
