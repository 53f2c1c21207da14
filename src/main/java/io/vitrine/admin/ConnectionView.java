package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.tap.ConnectionEntry;
import io.vitrine.tap.ConnectionEntry.Pause;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An open connection.
///
/// @param id by which it is named here and in other answers
/// @param localAddress that the client reached us at
/// @param clientIds that its requests have given, the last one first; four at most
/// @param software of the client, by its own account; absent if it gave none
/// @param lastRequestIso when the last request was begun; absent if there was none
/// @param requests that were begun
/// @param inFlight how many of them are not answered yet
/// @param waitingFetches how many of those wait for records
/// @param bytesOut that the client has taken
/// @param paused why nothing is read from it at this moment; absent if things are read
/// @param group that it last joined, or told that it lives; absent if none
/// @param transactionalId with which it last asked for a producer id; absent if none
@JsonInclude(JsonInclude.Include.NON_NULL)
record ConnectionView(
        long id,
        String address,
        String localAddress,
        String listener,
        String principal,
        List<String> clientIds,
        @Nullable SoftwareView software,
        long opened,
        String openedIso,
        @Nullable String lastRequestIso,
        long requests,
        int inFlight,
        int waitingFetches,
        long bytesIn,
        long bytesOut,
        @Nullable String paused,
        @Nullable String group,
        @Nullable String transactionalId,
        Map<String, String> links) {

    record SoftwareView(String name, String version) {}

    static ConnectionView of(ConnectionEntry entry, int waitingFetches) {
        var caller = entry.caller();
        return new ConnectionView(
                caller.id(),
                caller.address(),
                "%s:%d".formatted(caller.localHost(), caller.localPort()),
                caller.listener(),
                entry.principal(),
                entry.clientIds(),
                entry.software().equals(ConnectionEntry.Software.UNKNOWN)
                        ? null
                        : new SoftwareView(
                                entry.software().name(), entry.software().version()),
                entry.opened().toEpochMilli(),
                entry.opened().toString(),
                iso(entry.lastRequest()),
                entry.requests(),
                entry.inFlight(),
                waitingFetches,
                entry.bytesIn(),
                entry.bytesOut(),
                entry.paused() == Pause.NONE ? null : entry.paused().name(),
                entry.groupId(),
                entry.transactionalId(),
                links(entry));
    }

    private static @Nullable String iso(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static Map<String, String> links(ConnectionEntry entry) {
        var self = ApiPath.connection(entry.caller().id());
        var links = new TreeMap<String, String>();
        links.put("self", self);
        links.put("requests", ApiPath.REQUESTS + "?connection=" + entry.caller().id());
        var group = entry.groupId();
        if (group != null) {
            links.put("group", ApiPath.group(group, ""));
        }
        var transaction = entry.transactionalId();
        if (transaction != null) {
            links.put("transaction", ApiPath.transaction(transaction, ""));
        }
        return links;
    }
}
