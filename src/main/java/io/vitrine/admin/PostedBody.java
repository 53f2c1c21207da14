package io.vitrine.admin;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    private static final int MAX_VIOLATIONS = 20;
    private static final JsonFactory FACTORY = new JsonFactory();

    private final CappedInput input;
    private final JsonParser parser;
    private final boolean lines;
    private final PostedRecord.Defaults defaults;
    private int count;
    private boolean inArray;
    private boolean atEnd;

    /// @param lines are the records not to be taken as one?
    PostedBody(InputStream body, boolean lines, PostedRecord.Defaults defaults) {
        this.input = new CappedInput(body);
        this.parser = FACTORY.createParser(ObjectReadContext.empty(), input);
        this.lines = lines;
        this.defaults = defaults;
    }

    /// The next part; empty at the end.
    ///
    /// @throws ApiProblem if something is wrong with the body or with any record of this part
    List<PostedRecord> nextPart() {
        var part = new ArrayList<PostedRecord>();
        var violations = new ArrayList<RecordViolation>();
        try {
            read(part, violations);
        } catch (JacksonIOException e) {
            throw e.getCause() instanceof BodyTooLargeException
                    ? ApiProblem.bodyTooLarge(
                            "%s may have %d bytes.".formatted(lines ? "A line" : "A body of JSON", MAX_BYTES))
                    : ApiProblem.badBody("The body ends early.");
        } catch (JacksonException e) {
            violations.add(new RecordViolation(count, "", "is not JSON: " + JsonTrouble.of(e)));
        }
        if (!violations.isEmpty()) {
            throw ApiProblem.badRecords(violations);
        }
        return part;
    }

    @Override
    public void close() {
        parser.close();
    }

    private void read(List<PostedRecord> part, List<RecordViolation> violations) {
        long bytes = 0;
        while (!atEnd && (!lines || bytes < PART_BYTES) && violations.size() < MAX_VIOLATIONS) {
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
            if (lines) {
                input.allowMore();
            }
        }
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
        private long taken;

        CappedInput(InputStream in) {
            super(in);
        }

        void allowMore() {
            taken = 0;
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int bytes) throws BodyTooLargeException {
            taken += bytes;
            if (taken > MAX_BYTES) {
                throw new BodyTooLargeException();
            }
        }
    }
}
