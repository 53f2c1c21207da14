package io.vitrine.fault;

import io.vitrine.protocol.Subject;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/// Which requests a fault may hit.
///
/// @param api null for all
/// @param client an id, or the beginning of one and an asterisk; null for all
/// @param topic null for the request as a whole
/// @param partition of the topic; -1 for all of them
public record Target(
        @Nullable ApiKeys api,
        @Nullable String client,
        @Nullable String topic,
        int partition) {
    public static final int ALL_PARTITIONS = -1;
    private static final String PREFIX = "*";

    boolean matches(ApiKeys other, String clientId) {
        return (api == null || api == other) && matchesClient(clientId);
    }

    private boolean matchesClient(String clientId) {
        if (client == null) {
            return true;
        }
        return client.endsWith(PREFIX)
                ? clientId.startsWith(client.substring(0, client.length() - PREFIX.length()))
                : clientId.equals(client);
    }

    /// @param name empty or null where the message names the topic by its id
    boolean matches(@Nullable String name, Uuid id, int index, TopicNames names) {
        var known = name == null || name.isEmpty() ? names.find(id) : name;
        return known != null && known.equals(topic) && (partition == ALL_PARTITIONS || partition == index);
    }

    /// What the journal says that it was about.
    Subject subject() {
        if (topic == null) {
            return Subject.whole();
        }
        return partition == ALL_PARTITIONS ? Subject.topic(topic) : Subject.partition(topic, partition);
    }
}
