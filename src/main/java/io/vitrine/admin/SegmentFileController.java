package io.vitrine.admin;

import io.vitrine.log.ReadableSegment;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// The bytes of a segment's `.log` file: all whole batches that are in it when the request comes, or a range of them.
/// They go through one small buffer, whatever the size of the file.
@RestController
class SegmentFileController {
    private static final Logger log = LoggerFactory.getLogger(SegmentFileController.class);
    private static final int BUFFER_BYTES = 64 * 1024;

    private final LogLookup lookup;

    SegmentFileController(LogLookup lookup) {
        this.lookup = lookup;
    }

    @GetMapping(path = ApiPath.SEGMENT + "/file", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    void file(
            @PathVariable String topic,
            @PathVariable int partition,
            @PathVariable long base,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        QueryParameters.requireNone(request);
        var found = lookup.log(topic, partition);
        var segment = lookup.segment(found, base);
        long size = segment.info().sizeInBytes();
        var range = ByteRange.of(request, size);
        if (request.getMethod().equals("HEAD")) {
            Download.writeHead(response, SegmentView.fileName(base), range, size);
            return;
        }
        // Read before anything is answered, so that a segment which can't be read is a problem of its own.
        var buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, range.length()));
        try {
            fill(buffer, segment, range.position());
        } catch (IOException e) {
            throw ApiProblem.storageFailed(found.name(), String.valueOf(e.getMessage()));
        }
        Download.writeHead(response, SegmentView.fileName(base), range, size);
        writeBody(response, buffer, segment, range);
    }

    /// @param buffer the first bytes
    private static void writeBody(
            HttpServletResponse response, ByteBuffer buffer, ReadableSegment segment, ByteRange range)
            throws IOException {
        var target = response.getOutputStream();
        long end = range.position() + range.length();
        long position = range.position();
        while (true) {
            position += buffer.remaining();
            target.write(buffer);
            if (position == end) {
                return;
            }
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
            try {
                fill(buffer, segment, position);
            } catch (IOException e) {
                // The caller sees that bytes are missing, because their number was announced.
                log.warn("A segment can't be read any further at byte {}", position, e);
                throw e;
            }
        }
    }

    private static void fill(ByteBuffer buffer, ReadableSegment segment, long position) throws IOException {
        segment.read(buffer, position);
        if (buffer.hasRemaining()) {
            throw new EOFException("the file ends at byte %d, %d bytes early"
                    .formatted(position + buffer.position(), buffer.remaining()));
        }
        buffer.flip();
    }
}
