package io.vitrine.server;

import io.vitrine.protocol.Arrivals;
import io.vitrine.protocol.Caller;
import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/// Tells [Arrivals] what shows on one connection: whether its client only asks where the broker is, or has found it.
/// Belongs to the connection's event loop.
final class Arrival {
    private static final Set<ApiKeys> ASKING = EnumSet.of(ApiKeys.API_VERSIONS, ApiKeys.METADATA);
    /// Some clients ask these, too, of whom they know first.
    private static final Set<ApiKeys> ASKING_MORE = EnumSet.of(
            ApiKeys.API_VERSIONS,
            ApiKeys.METADATA,
            ApiKeys.DESCRIBE_CLUSTER,
            ApiKeys.FIND_COORDINATOR,
            ApiKeys.INIT_PRODUCER_ID,
            ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS);

    private final Arrivals arrivals;
    private final Caller caller;
    private @Nullable String clientId;
    private boolean hasAsked;
    private boolean hasCome;

    Arrival(Arrivals arrivals, Caller caller) {
        this.arrivals = arrivals;
        this.caller = caller;
    }

    /// A request has come. Costs one look at a field once the client is known to work.
    void took(ApiKeys api, String client, ApiMessage message) {
        if (hasCome) {
            return;
        }
        if (clientId == null) {
            clientId = client;
            arrivals.connected(caller, client);
        }
        if (api == ApiKeys.METADATA) {
            hasAsked = true;
            arrivals.asked(caller, clientId);
        } else if (!(hasAsked ? ASKING_MORE : ASKING).contains(api) || namesUs(message)) {
            hasCome = true;
            arrivals.came(caller, clientId);
        }
    }

    /// New clients say which node they believe to be connected to, unless they bootstrap.
    private static boolean namesUs(ApiMessage message) {
        return message instanceof ApiVersionsRequestData asked && asked.nodeId() >= 0;
    }

    /// The connection has ended.
    void ended() {
        if (clientId != null) {
            arrivals.left(caller, clientId);
        }
    }
}
