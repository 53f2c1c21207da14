package io.vitrine.server;

import io.vitrine.protocol.Caller;
import io.vitrine.protocol.Closing;
import io.vitrine.protocol.Facts;
import io.vitrine.protocol.RefusalEntry;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.protocol.Subject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.apache.kafka.common.protocol.ApiKeys;

/// Keeps why a connection ends, and what it was used for until then. Belongs to the connection's event loop.
final class ConnectionEnd {
    private static final int UNKNOWN = -1;

    private final Connections connections;
    private final Caller caller;
    private final Instant opened = Instant.now(Clock.systemUTC());
    private String clientId = "";
    private String lastApi = "";
    private long requests;
    private boolean isNoted;

    ConnectionEnd(Connections connections, Caller caller) {
        this.connections = connections;
        this.caller = caller;
    }

    /// A request has come.
    void took(Dispatched request) {
        clientId = request.exchange().clientId();
        lastApi = request.apiKey().name;
        requests++;
    }

    /// The broker closes it.
    void note(Closing why, String detail) {
        note(why, detail, Facts.none());
    }

    void note(BadFrameException garbage) {
        var hint = garbage.why() == Closing.HTTP_REQUEST ? connections.restHint() : "";
        note(garbage.why(), garbage.getMessage() + hint, Facts.none().with("firstBytes", garbage.firstBytes()));
    }

    void note(RequestRefusedException refused) {
        if (isNoted) {
            return;
        }
        var api = ApiKeys.hasId(refused.apiKey()) ? ApiKeys.forId(refused.apiKey()).name : "";
        connections.closingLog().closing(caller.address(), String.valueOf(refused.getMessage()));
        var facts = Facts.none().with("apiKey", refused.apiKey()).with("firstBytes", refused.firstBytes());
        isNoted = true;
        connections
                .refusals()
                .add(entry(caller, clientId, refused.why(), String.valueOf(refused.getMessage()), use(facts))
                        .of(api, refused.version(), refused.correlationId()));
    }

    /// The connection is gone; why, if nobody has said so before.
    ///
    /// @param unanswered requests whose answers nobody will get
    void gone(boolean isStopping, int unanswered) {
        if (isNoted) {
            return;
        }
        var facts = Facts.none().with("unanswered", unanswered);
        if (isStopping) {
            add(Closing.BROKER_STOPPED, "the broker stops", facts);
        } else {
            add(Closing.CLIENT_CLOSED, "the client has closed it, or is gone", facts);
        }
    }

    /// What comes after the first reason comes of it.
    private void note(Closing why, String detail, Facts facts) {
        if (isNoted) {
            return;
        }
        connections.closingLog().closing(caller.address(), detail);
        add(why, detail, facts);
    }

    private void add(Closing why, String detail, Facts facts) {
        isNoted = true;
        connections.refusals().add(entry(caller, clientId, why, detail, use(facts)));
    }

    /// What the connection was used for, behind what there is to tell.
    private Facts use(Facts facts) {
        long openMs = Duration.between(opened, Instant.now(Clock.systemUTC())).toMillis();
        return facts.with("listener", caller.listener())
                .with("openedIso", opened)
                .with("openMs", openMs)
                .with("requests", requests)
                .with("lastApi", lastApi.isEmpty() ? null : lastApi);
    }

    /// There is no room for another one.
    static void refuse(RefusalJournal journal, Caller caller, int maxConnections) {
        var detail = String.format(Locale.ROOT, "there are %d already (max.connections)", maxConnections);
        var facts =
                Facts.compared("fewer than " + maxConnections, maxConnections).with("listener", caller.listener());
        journal.add(entry(caller, "", Closing.TOO_MANY_CONNECTIONS, detail, facts));
    }

    private static RefusalEntry entry(Caller caller, String clientId, Closing why, String detail, Facts facts) {
        return new RefusalEntry(
                Instant.now(Clock.systemUTC()),
                caller.id(),
                caller.address(),
                clientId,
                "",
                UNKNOWN,
                UNKNOWN,
                Subject.whole(),
                RefusalEntry.CONNECTION_CLOSED,
                why.name(),
                detail,
                facts.all());
    }
}
