package io.vitrine.tap;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.apache.kafka.common.message.EnvelopeRequestData;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.protocol.ApiMessage;

/// Messages as JSON, by the converters that Kafka generates beside its classes. Of records there is the size only.
final class MessageJson {
    /// The converter of a class of messages: `write(message, version, serializeRecords)`.
    private static final ClassValue<Method> CONVERTERS = new ClassValue<>() {
        @Override
        protected Method computeValue(Class<?> type) {
            if (type.getSuperclass() != Object.class) {
                // One of ours, derived from Kafka's.
                return get(type.getSuperclass());
            }
            try {
                return Class.forName(type.getName() + "JsonConverter")
                        .getMethod("write", type, short.class, boolean.class);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Kafka has no converter for %s".formatted(type.getName()), e);
            }
        }
    };

    private MessageJson() {}

    /// @throws UndecodedException if it can't be shown
    static JsonNode of(ApiMessage message, short version) throws UndecodedException {
        if (isViewOfFrame(message)) {
            throw new UndecodedException("its bytes are not kept");
        }
        try {
            short known = (short) Math.min(version, message.highestSupportedVersion());
            return (JsonNode) CONVERTERS.get(message.getClass()).invoke(null, message, known, false);
        } catch (InvocationTargetException e) {
            // It has fields that its version has no room for, or somebody changes it at this moment.
            throw new UndecodedException(String.valueOf(e.getCause()));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Those that have fields which are no copies: by now others may use their bytes.
    private static boolean isViewOfFrame(ApiMessage message) {
        return message instanceof PushTelemetryRequestData
                || message instanceof EnvelopeRequestData
                || message instanceof EnvelopeResponseData;
    }
}
