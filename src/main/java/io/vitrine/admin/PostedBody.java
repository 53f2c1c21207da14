package io.vitrine.admin;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/// The records in the body of a request, part by part: a JSON object or array is one part, of lines as many as fit.
final class PostedBody implements Closeable {
    /// What a JSON body may have, or a line.
    static final int MAX_BYTES = 16 * 1024 * 1024;

    /// Records of one request.
    static final int MAX_RECORDS = 100_000;

    private static final int PART_BYTES = 1024 * 1024;
    // What comes slowly is written as it comes.
    private static final long PART_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MAX_VIOLATIONS = 20;
    private static final JsonFactory FACTORY = new JsonFactory();

    private final CappedInput input;
    private final JsonParser parser;
    private final boolean lines;
    private final PostedRecord.Defaults defaults;
    private final WriterTurns.Taken taken;
    private int count;
    private @Nullable ApiProblem problem;
    private boolean inArray;
    private boolean atEnd;

    /// @param lines are the records not to be taken as one?
    PostedBody(InputStream body, boolean lines, PostedRecord.Defaults defaults, WriterTurns.Taken taken) {
        this.taken = taken;
        this.input = new CappedInput(body, taken);
        this.parser = FACTORY.createParser(ObjectReadContext.empty(), input);
        this.lines = lines;
        this.defaults = defaults;
    }

    /// The next part; empty at the end. Of lines that do not come to their end, those that came whole are a part.
    ///
    /// @throws ApiProblem if something is wrong with the body or with any record of this part
    List<PostedRecord> nextPart() {
        if (problem != null) {
            throw problem;
        }
        var part = new ArrayList<PostedRecord>();
        var violations = new ArrayList<RecordViolation>();
        try {
            read(part, violations);
        } catch (JacksonIOException e) {
            problem = problemOf(NestedExceptionUtils.getMostSpecificCause(e));
            if (!lines || part.isEmpty()) {
                throw problem;
            }
        } catch (JacksonException e) {
            violations.add(new RecordViolation(count, "", "is not JSON: " + JsonTrouble.of(e)));
        }
        if (!violations.isEmpty()) {
            throw ApiProblem.badRecords(violations);
        }
        return part;
    }

    private ApiProblem problemOf(Throwable cause) {
        return switch (cause) {
            case BodyTooLargeException _ ->
                ApiProblem.bodyTooLarge(
                        "%s may have %d bytes.".formatted(lines ? "A line" : "A body of JSON", MAX_BYTES));
            case WriterTurns.TooSlowException slow -> tooSlow(String.valueOf(slow.getMessage()));
            case WriterTurns.NoRoomException _ -> BusyProblem.writers();
            default -> ApiProblem.badBody("The body ends early.");
        };
    }

    /// What is answered for is in the log, the rest is not.
    private static ApiProblem tooSlow(String reason) {
        return new ApiProblem(
                HttpStatus.REQUEST_TIMEOUT,
                "Body too slow",
                reason + " What is not answered for has not been written; send the rest in a request of its own.");
    }

    @Override
    public void close() {
        parser.close();
    }

    private void read(List<PostedRecord> part, List<RecordViolation> violations) {
        long bytes = 0;
        long begin = System.nanoTime();
        while (!atEnd && !(lines && isFull(bytes, begin)) && violations.size() < MAX_VIOLATIONS) {
            if (!findRecord(violations)) {
                atEnd = true;
                return;
            }
            if (count == MAX_RECORDS) {
                throw ApiProblem.bodyTooLarge("A request may have %d records.".formatted(MAX_RECORDS));
            }
            var fields = PostedFields.read(parser, PostedRecord.HEADERS);
            var record = PostedRecord.of(count, fields, defaults, violations);
            count++;
            if (record != null) {
                part.add(record);
                bytes += record.record().maxSizeInBytes();
            }
            taken.recordCame();
            if (lines) {
                input.allowMore();
            }
        }
    }

    private static boolean isFull(long bytes, long beginNanos) {
        return bytes >= PART_BYTES || (bytes > 0 && System.nanoTime() - beginNanos > PART_NANOS);
    }

    /// Goes to the beginning of the next record; false if there is none.
    private boolean findRecord(List<RecordViolation> violations) {
        var token = parser.nextToken();
        if (!lines && count == 0 && !inArray && token == JsonToken.START_ARRAY) {
            inArray = true;
            token = parser.nextToken();
        }
        if (inArray && token == JsonToken.END_ARRAY) {
            inArray = false;
            requireEnd(violations, parser.nextToken());
            return false;
        }
        if (token == null) {
            return false;
        }
        if (!lines && !inArray && count > 0) {
            requireEnd(violations, token);
            return false;
        }
        if (token != JsonToken.START_OBJECT) {
            violations.add(new RecordViolation(count, "", "has to be a JSON object"));
            return false;
        }
        return true;
    }

    private void requireEnd(List<RecordViolation> violations, @Nullable JsonToken token) {
        if (token != null) {
            violations.add(new RecordViolation(
                    count, "", "there is more behind the end; lines are sent as " + Accepted.NDJSON));
        }
    }

    /// More bytes than allowed.
    private static final class BodyTooLargeException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /// Gives no more bytes than are allowed until it is allowed more.
    private static final class CappedInput extends FilterInputStream {
        private final WriterTurns.Taken body;
        private long bytesOfOne;

        CappedInput(InputStream in, WriterTurns.Taken body) {
            super(in);
            this.body = body;
        }

        void allowMore() {
            bytesOfOne = 0;
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            if (next >= 0) {
                count(1);
            }
            return next;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            if (read > 0) {
                count(read);
            }
            return read;
        }

        private void count(int bytes) throws IOException {
            bytesOfOne += bytes;
            if (bytesOfOne > MAX_BYTES) {
                throw new BodyTooLargeException();
            }
            body.came(bytes);
        }
    }
}
