package io.vitrine.server;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/// Looks for a topic that a Produce request names again and again, before Kafka's message class reads it: the
/// collection in there needs time that grows with the cube of how often one name is in it, minutes for a frame of 30
/// KB. No client names a topic twice.
final class RepeatedTopics {
    private static final int MOST = 100;
    private static final short FIRST_FLEXIBLE_VERSION = 9;
    private static final short FIRST_VERSION_WITH_IDS = 13;
    private static final int ID_BYTES = 16;

    private final ByteBuffer buffer;
    private final ByteBufferAccessor in;
    private final boolean flexible;
    private final boolean ids;

    private RepeatedTopics(ByteBuffer body, short version) {
        buffer = body.slice();
        in = new ByteBufferAccessor(buffer);
        flexible = version >= FIRST_FLEXIBLE_VERSION;
        ids = version >= FIRST_VERSION_WITH_IDS;
    }

    /// @param body of a Produce request, from its position on, which stays where it is
    /// @throws RequestRefusedException if a topic is named more than a hundred times
    static void check(ByteBuffer body, short version) throws RequestRefusedException {
        boolean repeated;
        try {
            repeated = new RepeatedTopics(body, version).find();
        } catch (RuntimeException e) {
            // Not a Produce request: the real reader says what is wrong with it.
            return;
        }
        if (repeated) {
            throw new RequestRefusedException("Produce names one topic more than %d times".formatted(MOST));
        }
    }

    private boolean find() {
        skip(flexible ? in.readUnsignedVarint() - 1 : in.readShort());
        skip(Short.BYTES + Integer.BYTES);
        int topics = readLength();
        if (topics <= MOST) {
            return false;
        }
        Map<ByteBuffer, Integer> times = new HashMap<>();
        for (int i = 0; i < topics; i++) {
            if (times.merge(readName(), 1, Integer::sum) > MOST) {
                return true;
            }
            skipPartitions();
        }
        return false;
    }

    private ByteBuffer readName() {
        int length = ids ? ID_BYTES : flexible ? in.readUnsignedVarint() - 1 : in.readShort();
        var name = buffer.slice(buffer.position(), length);
        skip(length);
        return name;
    }

    private void skipPartitions() {
        int partitions = readLength();
        for (int i = 0; i < partitions; i++) {
            skip(Integer.BYTES);
            skip(readLength());
            skipTaggedFields();
        }
        skipTaggedFields();
    }

    private void skipTaggedFields() {
        if (flexible) {
            int fields = in.readUnsignedVarint();
            for (int i = 0; i < fields; i++) {
                in.readUnsignedVarint();
                skip(in.readUnsignedVarint());
            }
        }
    }

    private int readLength() {
        return flexible ? in.readUnsignedVarint() - 1 : in.readInt();
    }

    /// A length of -1 stands for null, which has no bytes.
    private void skip(int count) {
        buffer.position(buffer.position() + Math.max(0, count));
    }
}
