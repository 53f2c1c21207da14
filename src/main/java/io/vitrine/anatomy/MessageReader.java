package io.vitrine.anatomy;

import io.vitrine.anatomy.MessageQuestion.Framing;
import io.vitrine.inspect.AnatomyField.Value;
import io.vitrine.inspect.Problem;
import io.vitrine.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/// Reads one message, or batches. If it is not said what the bytes are, it is found out: a response where its API is
/// told, a batch where the checksum says so, a request where that fits to the last byte, and else what comes closest.
final class MessageReader {
    private static final int FRAME_SIZE_IN_BYTES = 4;
    private static final int HEADER_START_SIZE_IN_BYTES = 4;

    private final ByteBuffer bytes;
    private final MessageQuestion question;
    private final boolean framed;
    private final MessageInput in;
    private final FieldLog log;
    private final BatchSplitter batches;
    private final SchemaWalk walk;
    private @Nullable MessageApi api;

    private MessageReader(ByteBuffer bytes, MessageQuestion question) {
        this.bytes = bytes;
        this.question = question;
        this.framed = isFramed(bytes, question.framing());
        this.in = new MessageInput(bytes);
        this.log = new FieldLog(question.fieldsFrom(), question.fieldLimit(), question.maxValueBytes());
        this.batches = new BatchSplitter(question.records(), question.recordLimit(), question.maxValueBytes());
        this.walk = new SchemaWalk(in, log, batches);
    }

    static MessageAnatomy read(ByteBuffer bytes, MessageQuestion question) {
        var kind = question.kind();
        if (kind != null) {
            return new MessageReader(bytes, question).read(kind);
        }
        if (question.api() != null) {
            return read(bytes, question.as(MessageKind.RESPONSE));
        }
        boolean maybeBatch = BatchSplitter.beginsAt(bytes, 0);
        if (maybeBatch && isSound(RecordBatch.at(bytes, 0))) {
            return read(bytes, question.as(MessageKind.BATCH));
        }
        var request = read(bytes, question.as(MessageKind.REQUEST));
        return maybeBatch && request.problem() != null ? read(bytes, question.as(MessageKind.BATCH)) : request;
    }

    private static boolean isSound(RecordBatch batch) {
        return batch.computedCrc() == batch.crc();
    }

    private static boolean isFramed(ByteBuffer bytes, Framing framing) {
        return switch (framing) {
            case FRAMED -> true;
            case BARE -> false;
            case AUTO ->
                bytes.remaining() >= FRAME_SIZE_IN_BYTES && bytes.getInt(0) == bytes.remaining() - FRAME_SIZE_IN_BYTES;
        };
    }

    private MessageAnatomy read(MessageKind kind) {
        if (kind == MessageKind.BATCH) {
            var problem = bytes.hasRemaining() ? batches.split(null, 0, bytes) : new Problem(0, "there are no bytes");
            return anatomy(kind, false, problem);
        }
        Problem problem = null;
        try {
            readMessage(kind);
        } catch (MalformedMessageException e) {
            problem = new Problem(e.position(), String.valueOf(e.getMessage()));
        }
        return anatomy(kind, framed, problem);
    }

    private MessageAnatomy anatomy(MessageKind kind, boolean withFrame, @Nullable Problem problem) {
        return new MessageAnatomy(kind, withFrame, api, log.fields(), log.next(), batches.batches(), problem);
    }

    private void readMessage(MessageKind kind) throws MalformedMessageException {
        int end = framed ? readFrame() : bytes.remaining();
        api = kind == MessageKind.RESPONSE ? Objects.requireNonNull(question.api()) : requestApi();
        int entered = log.enter("header");
        walk.walk(kind == MessageKind.RESPONSE ? api.responseHeader() : api.requestHeader());
        log.leave(entered);
        walk.walk(kind == MessageKind.RESPONSE ? api.responseBody() : api.requestBody());
        requireEnd(kind, end);
    }

    /// @param end where the frame says that the message ends
    private void requireEnd(MessageKind kind, int end) throws MalformedMessageException {
        int position = in.position();
        if (position > end) {
            throw new MalformedMessageException(
                    end, "the frame ends here, the %s at byte %d".formatted(kind.label(), position));
        }
        if (end > bytes.limit()) {
            throw new MalformedMessageException(
                    bytes.limit(), "the frame ends at byte %d, the bytes end here".formatted(end));
        }
        if (in.remaining() > 0) {
            var what = position < end ? kind.label() : "frame";
            throw new MalformedMessageException(
                    position, "the %s ends here, and %d bytes follow".formatted(what, in.remaining()));
        }
    }

    /// @return where the message ends
    private int readFrame() throws MalformedMessageException {
        var length = in.take(FRAME_SIZE_IN_BYTES, "frameLength");
        int announced = length.getInt(0);
        log.note("frameLength", 0, length, new Value.Numeric(announced), "bytes that follow");
        if (announced < 0) {
            throw new MalformedMessageException(0, "a frame length of " + announced);
        }
        return (int) Math.min((long) FRAME_SIZE_IN_BYTES + announced, Integer.MAX_VALUE);
    }

    private MessageApi requestApi() throws MalformedMessageException {
        int start = in.position();
        if (in.remaining() < HEADER_START_SIZE_IN_BYTES) {
            throw new MalformedMessageException(
                    bytes.remaining(),
                    "a request begins with its API key and its version, %d bytes; %d are there"
                            .formatted(HEADER_START_SIZE_IN_BYTES, in.remaining()));
        }
        short id = bytes.getShort(start);
        short version = bytes.getShort(start + Short.BYTES);
        if (!ApiKeys.hasId(id)) {
            throw new MalformedMessageException(start, "Kafka has no API %d".formatted(id));
        }
        var key = ApiKeys.forId(id);
        if (!MessageApi.isKnown(key, version)) {
            throw new MalformedMessageException(
                    start + Short.BYTES, "%s, not %d".formatted(MessageApi.versionsOf(key), version));
        }
        return new MessageApi(key, version);
    }
}
