package io.vitrine.anatomy;

import io.vitrine.inspect.AnatomyField.Value;
import org.apache.kafka.common.protocol.types.ArrayOf;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.NullableSchema;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.protocol.types.Type.DocumentedType;

/// Walks over bytes along one of Kafka's schemas and notes every field. It goes as deep as the schema, which the
/// bytes have no say in, and as far as there are bytes.
final class SchemaWalk {
    private static final int ABSENT = -1;

    private final MessageInput in;
    private final FieldLog log;
    private final ValueReader values;

    SchemaWalk(MessageInput in, FieldLog log, BatchSplitter batches) {
        this.in = in;
        this.log = log;
        this.values = new ValueReader(in, log, batches);
    }

    void walk(Schema schema) throws MalformedMessageException {
        for (var bound : schema.fields()) {
            var field = bound.def;
            if (field.type instanceof TaggedFields known) {
                walkTagged(known);
            } else {
                walk(field.type, ValueReader.camelCase(field.name), field);
            }
        }
    }

    private void walk(Type type, String name, Field field) throws MalformedMessageException {
        switch (type) {
            case NullableSchema struct -> walkNullable(struct, name, field);
            case Schema struct -> walkInside(struct, name);
            case ArrayOf array -> walkArray(array, false, name, field);
            case CompactArrayOf array -> walkArray(array, true, name, field);
            case DocumentedType value -> values.read(value, name, field);
            default -> throw new IllegalStateException("Field %s is a %s".formatted(field.name, type));
        }
    }

    private void walkInside(Schema struct, String name) throws MalformedMessageException {
        int entered = log.enter(name);
        walk(struct);
        log.leave(entered);
    }

    private void walkNullable(NullableSchema struct, String name, Field field) throws MalformedMessageException {
        int start = in.position();
        byte present = in.take(1, log.fullName(name)).get(0);
        var meaning = present < 0 ? "null" : FieldMeaning.ofKafka(field);
        log.note(name + "Present", start, in.since(start), new Value.Numeric(present), meaning);
        if (present >= 0) {
            walkInside(struct, name);
        }
    }

    private void walkArray(Type array, boolean compact, String name, Field field) throws MalformedMessageException {
        int start = in.position();
        int count = values.readCount(name + "Count", compact, Integer.BYTES, "elements");
        if (count == ABSENT && !array.isNullable()) {
            throw new MalformedMessageException(
                    start, "%s is null, which it must not be".formatted(log.fullName(name)));
        }
        var element = array.arrayElementType().orElseThrow();
        for (int i = 0; i < count; i++) {
            walk(element, name + "[" + i + "]", field);
        }
    }

    /// ```
    ///   count varint, and as often:  tag varint | size varint | as many bytes
    /// ```
    private void walkTagged(TaggedFields known) throws MalformedMessageException {
        int start = in.position();
        long count = in.takeUnsignedVarint(log.fullName("taggedFieldCount"));
        log.note("taggedFieldCount", start, in.since(start), new Value.Numeric(count), null);
        if (count > in.remaining()) {
            throw new MalformedMessageException(
                    start, "%d tagged fields, and %d bytes follow".formatted(count, in.remaining()));
        }
        for (int i = 0; i < count; i++) {
            walkTaggedField(known, "taggedFields[" + i + "]");
        }
    }

    private void walkTaggedField(TaggedFields known, String place) throws MalformedMessageException {
        int entered = log.enter(place);
        int tagAt = in.position();
        long tag = in.takeUnsignedVarint(log.fullName("tag"));
        var field = known.fields().get((int) tag);
        var name = field == null ? "data" : ValueReader.camelCase(field.name);
        log.note("tag", tagAt, in.since(tagAt), new Value.Numeric(tag), field == null ? "unknown" : name);
        int sizeAt = in.position();
        long size = in.takeUnsignedVarint(log.fullName("size"));
        log.note("size", sizeAt, in.since(sizeAt), new Value.Numeric(size), "bytes that follow");
        if (size > in.remaining()) {
            throw new MalformedMessageException(
                    sizeAt, "tagged field %d has %d bytes, and %d follow".formatted(tag, size, in.remaining()));
        }
        int end = in.position() + (int) size;
        if (field == null) {
            values.readOpaque(name, (int) size, "nothing that Kafka describes");
        } else {
            walk(field.type, name, field);
        }
        if (in.position() != end) {
            throw new MalformedMessageException(
                    in.position(), "tagged field %d should end at byte %d".formatted(tag, end));
        }
        log.leave(entered);
    }
}
