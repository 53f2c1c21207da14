package io.vitrine.server;

import io.vitrine.protocol.Closing;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/// Looks for a name that a request has again and again, before Kafka's message class reads it: the collection in
/// there needs time that grows with the cube of how often one name is in it, minutes for a frame of 30 KB. No client
/// names a topic or a protocol twice.
final class RepeatedNames {
    private static final int MOST = 100;
    private static final int ID_BYTES = 16;

    private final ByteBuffer buffer;
    private final ByteBufferAccessor in;
    private final ApiKeys api;
    private final short version;
    private final boolean flexible;

    private RepeatedNames(ByteBuffer body, ApiKeys api, short version) {
        buffer = body.slice();
        in = new ByteBufferAccessor(buffer);
        this.api = api;
        this.version = version;
        flexible = api.requestHeaderVersion(version) > 1;
    }

    /// @param body of a request, from its position on, which stays where it is
    /// @throws RequestRefusedException if there is a name in it more than a hundred times
    static void check(ByteBuffer body, ApiKeys api, short version) throws RequestRefusedException {
        boolean repeated;
        try {
            repeated = new RepeatedNames(body, api, version).find();
        } catch (RuntimeException e) {
            // Not such a request: the real reader says what is wrong with it.
            return;
        }
        if (repeated) {
            throw new RequestRefusedException(
                    Closing.OVERSIZED_REQUEST, "%s has one name in it more than %d times".formatted(api.name, MOST));
        }
    }

    /// The APIs whose messages have such a collection.
    private boolean find() {
        return switch (api) {
            case PRODUCE -> findInProduce();
            case JOIN_GROUP -> findInJoinGroup();
            case OFFSET_DELETE -> findInOffsetDelete();
            case OFFSET_FOR_LEADER_EPOCH -> findInOffsetForLeaderEpoch();
            case ALTER_REPLICA_LOG_DIRS -> findInAlterReplicaLogDirs();
            case DESCRIBE_LOG_DIRS -> isRepeated(false, this::skipIndexes);
            case ELECT_LEADERS -> findInElectLeaders();
            case UPDATE_FEATURES -> findInUpdateFeatures();
            case ALTER_CONFIGS -> findInAlteredConfigs(false);
            case INCREMENTAL_ALTER_CONFIGS -> findInAlteredConfigs(true);
            case CREATE_TOPICS -> findInCreateTopics();
            case CREATE_PARTITIONS -> findInCreatePartitions();
            default -> false;
        };
    }

    private boolean findInProduce() {
        skipString();
        skip(Short.BYTES + Integer.BYTES);
        return isRepeated(version >= 13, () -> {
            int partitions = readLength();
            for (int i = 0; i < partitions; i++) {
                skip(Integer.BYTES);
                skip(readLength());
                skipTaggedFields();
            }
        });
    }

    private boolean findInJoinGroup() {
        skipString();
        skip(version >= 1 ? 2 * Integer.BYTES : Integer.BYTES);
        skipString();
        if (version >= 5) {
            skipString();
        }
        skipString();
        return isRepeated(false, () -> skip(readLength()));
    }

    private boolean findInOffsetDelete() {
        skipString();
        return isRepeated(false, this::skipIndexes);
    }

    private boolean findInOffsetForLeaderEpoch() {
        skip(version >= 3 ? Integer.BYTES : 0);
        return isRepeated(false, () -> {
            int partitions = readLength();
            for (int i = 0; i < partitions; i++) {
                skip(3 * Integer.BYTES);
                skipTaggedFields();
            }
        });
    }

    /// Directories by path, and in each of them topics by name.
    private boolean findInAlterReplicaLogDirs() {
        int directories = readLength();
        Map<ByteBuffer, Integer> times = new HashMap<>();
        for (int i = 0; i < directories; i++) {
            boolean repeated = times.merge(readName(false), 1, Integer::sum) > MOST;
            if (repeated || isRepeatedAmong(readLength(), false, this::skipIndexes)) {
                return true;
            }
            skipTaggedFields();
        }
        return false;
    }

    private boolean findInElectLeaders() {
        skip(version >= 1 ? Byte.BYTES : 0);
        return isRepeated(false, this::skipIndexes);
    }

    private boolean findInUpdateFeatures() {
        skip(Integer.BYTES);
        return isRepeated(false, () -> skip(Short.BYTES + Byte.BYTES));
    }

    private void skipIndexes() {
        skip(Math.multiplyExact(readLength(), Integer.BYTES));
    }

    private boolean findInAlteredConfigs(boolean withOperation) {
        Map<ByteBuffer, Integer> times = new HashMap<>();
        int resources = readLength();
        for (int i = 0; i < resources; i++) {
            skip(Byte.BYTES);
            if (times.merge(readName(false), 1, Integer::sum) > MOST || isRepeatedConfig(withOperation)) {
                return true;
            }
            skipTaggedFields();
        }
        return false;
    }

    private boolean isRepeatedConfig(boolean withOperation) {
        Map<ByteBuffer, Integer> times = new HashMap<>();
        int configs = readLength();
        for (int i = 0; i < configs; i++) {
            if (times.merge(readName(false), 1, Integer::sum) > MOST) {
                return true;
            }
            skip(withOperation ? Byte.BYTES : 0);
            skipString();
            skipTaggedFields();
        }
        return false;
    }

    /// Topics, in which there are such collections too: of partitions, and of configs.
    private boolean findInCreateTopics() {
        var inside = new boolean[1];
        boolean topics = isAnyRepeated(() -> readName(false), () -> {
            skip(Integer.BYTES + Short.BYTES);
            inside[0] |= isAnyRepeated(() -> read(Integer.BYTES), this::skipIndexes);
            inside[0] |= isAnyRepeated(() -> readName(false), this::skipString);
        });
        return topics || inside[0];
    }

    private boolean findInCreatePartitions() {
        return isAnyRepeated(() -> readName(false), () -> {
            skip(Integer.BYTES);
            int assignments = readLength();
            for (int i = 0; i < assignments; i++) {
                skipIndexes();
                skipTaggedFields();
            }
        });
    }

    /// Goes through a collection to its end.
    private boolean isAnyRepeated(Supplier<ByteBuffer> readKey, Runnable skipRest) {
        int count = readLength();
        boolean repeated = false;
        Map<ByteBuffer, Integer> times = new HashMap<>();
        for (int i = 0; i < count; i++) {
            var key = readKey.get();
            repeated |= count > MOST && times.merge(key, 1, Integer::sum) > MOST;
            skipRest.run();
            skipTaggedFields();
        }
        return repeated;
    }

    private boolean isRepeated(boolean ids, Runnable skipRest) {
        int count = readLength();
        return count > MOST && isRepeatedAmong(count, ids, skipRest);
    }

    private boolean isRepeatedAmong(int count, boolean ids, Runnable skipRest) {
        Map<ByteBuffer, Integer> times = new HashMap<>();
        for (int i = 0; i < count; i++) {
            if (times.merge(readName(ids), 1, Integer::sum) > MOST) {
                return true;
            }
            skipRest.run();
            skipTaggedFields();
        }
        return false;
    }

    private ByteBuffer readName(boolean id) {
        return read(id ? ID_BYTES : readStringLength());
    }

    private ByteBuffer read(int length) {
        var bytes = buffer.slice(buffer.position(), length);
        skip(length);
        return bytes;
    }

    private void skipString() {
        skip(readStringLength());
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

    private int readStringLength() {
        return flexible ? in.readUnsignedVarint() - 1 : in.readShort();
    }

    private int readLength() {
        return flexible ? in.readUnsignedVarint() - 1 : in.readInt();
    }

    /// A length of -1 stands for null, which has no bytes.
    private void skip(int count) {
        buffer.position(buffer.position() + Math.max(0, count));
    }
}
