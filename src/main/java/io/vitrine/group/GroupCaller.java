package io.vitrine.group;

import java.net.InetAddress;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/// Who asks something of a group, as its coordinator wants to know it: it keeps the client's id and address with the
/// member.
///
/// @param requestType key of the API
/// @param requestVersion version of the request, on which some answers depend
public record GroupCaller(
        String listenerName,
        InetAddress clientAddress,
        String clientId,
        int requestType,
        int requestVersion,
        int correlationId)
        implements AuthorizableRequestContext {

    @Override
    public SecurityProtocol securityProtocol() {
        return SecurityProtocol.PLAINTEXT;
    }

    @Override
    public KafkaPrincipal principal() {
        return KafkaPrincipal.ANONYMOUS;
    }
}
