package io.vitrine.anatomy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.types.NullableSchema;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.protocol.types.Type.DocumentedType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/// Messages with something in every field, as Kafka's own classes write them.
final class SampleMessages {
    private static final int UNKNOWN_TAG = 1_000;

    private static final List<CompressionType> CODECS = List.of(CompressionType.values());

    private final Random random;

    SampleMessages(long seed) {
        random = new Random(seed);
    }

    /// Every version of every API that Kafka describes.
    static Stream<MessageApi> apis() {
        return Stream.of(ApiKeys.values())
                .flatMap(key -> IntStream.range(0, key.messageType.requestSchemas().length)
                        .filter(version -> MessageApi.isKnown(key, version))
                        .mapToObj(version -> new MessageApi(key, (short) version)));
    }

    /// A request: header and body.
    ByteBuffer request(MessageApi api) {
        var header = new RequestHeaderData()
                .setRequestApiKey(api.key().id)
                .setRequestApiVersion(api.version())
                .setCorrelationId(7)
                .setClientId("sample");
        var body = api.key().messageType.newRequest();
        fill(body, api.requestBody(), api.version());
        return bytes(header, api.key().requestHeaderVersion(api.version()), body, api.version());
    }

    /// A response: header and body.
    ByteBuffer response(MessageApi api) {
        var body = api.key().messageType.newResponse();
        fill(body, api.responseBody(), api.version());
        return bytes(
                new ResponseHeaderData().setCorrelationId(7),
                api.key().responseHeaderVersion(api.version()),
                body,
                api.version());
    }

    private void fill(ApiMessage message, Schema schema, short version) {
        var struct = struct(schema);
        var written = ByteBuffer.allocate(struct.sizeOf());
        struct.writeTo(written);
        message.read(new ByteBufferAccessor(written.flip()), version);
    }

    private static ByteBuffer bytes(ApiMessage header, short headerVersion, ApiMessage body, short version) {
        var cache = new ObjectSerializationCache();
        var bytes = ByteBuffer.allocate(header.size(cache, headerVersion) + body.size(cache, version));
        header.write(new ByteBufferAccessor(bytes), cache, headerVersion);
        body.write(new ByteBufferAccessor(bytes), cache, version);
        return bytes.flip();
    }

    private Struct struct(Schema schema) {
        var struct = new Struct(schema);
        for (var bound : schema.fields()) {
            struct.set(bound, value(bound.def.type));
        }
        return struct;
    }

    private @Nullable Object value(Type type) {
        return switch (type) {
            case NullableSchema schema -> random.nextInt(3) == 0 ? null : struct(schema);
            case Schema schema -> struct(schema);
            case TaggedFields known -> tagged(known);
            default -> type.isArray() ? array(type) : value(((DocumentedType) type));
        };
    }

    private Map<Integer, Object> tagged(TaggedFields known) {
        var values = new TreeMap<Integer, Object>();
        known.fields().forEach((tag, field) -> {
            var value = value(field.type);
            if (value != null) {
                values.put(tag, value);
            }
        });
        if (random.nextInt(4) == 0) {
            values.put(UNKNOWN_TAG, new RawTaggedField(UNKNOWN_TAG, bytes()));
        }
        return values;
    }

    private Object @Nullable [] array(Type type) {
        if (type.isNullable() && random.nextInt(5) == 0) {
            return null;
        }
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            elements.add(value(type.arrayElementType().orElseThrow()));
        }
        return elements.toArray();
    }

    private @Nullable Object value(DocumentedType type) {
        if (type.isNullable() && random.nextInt(4) == 0) {
            return null;
        }
        var name = type.typeName();
        return switch (name) {
            case "BOOLEAN" -> random.nextBoolean();
            case "INT8" -> (byte) random.nextInt();
            case "INT16" -> (short) random.nextInt();
            case "UINT16" -> random.nextInt(1 << 16);
            case "INT32" -> random.nextInt();
            case "INT64" -> random.nextLong();
            case "UUID" -> new Uuid(random.nextLong(), random.nextLong());
            case "FLOAT64" -> random.nextDouble();
            default -> sized(name);
        };
    }

    private Object sized(String name) {
        if (name.endsWith("STRING")) {
            return "text-" + random.nextInt(1000);
        }
        return name.endsWith("RECORDS") ? records() : ByteBuffer.wrap(bytes());
    }

    private byte[] bytes() {
        var bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return bytes;
    }

    private MemoryRecords records() {
        var codec = CODECS.get(random.nextInt(CODECS.size()));
        return MemoryRecords.withRecords(
                Compression.of(codec).build(),
                new SimpleRecord(5, bytes(), bytes()),
                new SimpleRecord(6, null, bytes()));
    }
}
