package io.vitrine.anatomy;

import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.Schema;

/// One version of an API that Kafka describes, be it served or not.
public record MessageApi(ApiKeys key, short version) {
    public MessageApi {
        if (!isKnown(key, version)) {
            throw new IllegalArgumentException(versionsOf(key) + ", not " + version);
        }
    }

    /// Is it described?
    public static boolean isKnown(ApiKeys key, int version) {
        var schemas = key.messageType.requestSchemas();
        return version >= 0 && version < schemas.length && schemas[version] != null;
    }

    /// Finds an API by Kafka's name of it, in any case, or by its number.
    public static Optional<ApiKeys> findKey(String nameOrNumber) {
        for (var key : ApiKeys.values()) {
            if (key.name.equalsIgnoreCase(nameOrNumber)
                    || key.name().equalsIgnoreCase(nameOrNumber)
                    || String.valueOf(key.id).equals(nameOrNumber)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    /// A sentence on the versions there are.
    public static String versionsOf(ApiKeys key) {
        var known = IntStream.range(0, key.messageType.requestSchemas().length)
                .filter(version -> isKnown(key, version))
                .summaryStatistics();
        return known.getCount() == 0
                ? "%s has no versions any more".formatted(key.name)
                : "%s has versions %d to %d".formatted(key.name, known.getMin(), known.getMax());
    }

    Schema requestHeader() {
        return RequestHeaderData.SCHEMAS[key.requestHeaderVersion(version)];
    }

    Schema requestBody() {
        return key.messageType.requestSchemas()[version];
    }

    Schema responseHeader() {
        return ResponseHeaderData.SCHEMAS[key.responseHeaderVersion(version)];
    }

    Schema responseBody() {
        return key.messageType.responseSchemas()[version];
    }
}
