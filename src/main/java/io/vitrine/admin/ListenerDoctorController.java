package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.inspect.BrokerEndpoints;
import io.vitrine.inspect.ListenerDoctor;
import io.vitrine.protocol.Arrivals;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Clients that were told where the broker is and did not come there.
@RestController
@RequestMapping(ApiPath.BASE + "/listener-doctor")
class ListenerDoctorController {
    private static final int DAY_MS = 24 * 60 * 60 * 1000;

    private final ListenerDoctor doctor;

    ListenerDoctorController(ListenerDoctor doctor) {
        this.doctor = doctor;
    }

    @GetMapping
    DoctorView look(@RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        int afterMs = parameters.number("afterMs", (int) ListenerDoctor.PATIENCE.toMillis(), 0, DAY_MS);
        parameters.requireSound();
        var ways = doctor.ways();
        return new DoctorView(
                doctor.listeners().stream()
                        .map(listener -> ListenerView.of(listener, ways))
                        .toList(),
                doctor.complaints(Duration.ofMillis(afterMs)).reversed().stream()
                        .map(ClientView::of)
                        .toList());
    }

    /// @param items clients that are not where they were told to be, the one seen last first
    record DoctorView(List<ListenerView> listeners, List<ClientView> items) {}

    /// @param advertised null if clients are told the address that they have come to
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ListenerView(String name, String bound, @Nullable String advertised, List<WayView> reachedAt) {
        static ListenerView of(BrokerEndpoints.Listener listener, Map<Arrivals.Way, Long> ways) {
            var advertised = listener.advertised();
            return new ListenerView(
                    listener.name(),
                    listener.bound().host() + ":" + listener.bound().port(),
                    advertised == null ? null : advertised.host() + ":" + advertised.port(),
                    ways.entrySet().stream()
                            .filter(way -> way.getKey().listener().equals(listener.name()))
                            .map(way -> new WayView(way.getKey().address(), way.getValue()))
                            .toList());
        }
    }

    /// @param connections since the broker started
    record WayView(String address, long connections) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ClientView(
            String clientId,
            String host,
            String listener,
            String cameTo,
            String told,
            long metadataRequests,
            String firstAskedIso,
            String lastAskedIso,
            int openConnections,
            @Nullable String leftIso,
            String hint,
            String whatToDo,
            Map<String, String> links) {
        static ClientView of(ListenerDoctor.Complaint complaint) {
            var client = complaint.client();
            var left = client.left();
            return new ClientView(
                    client.clientId(),
                    client.host(),
                    client.cameBy().listener(),
                    client.cameBy().address(),
                    complaint.told(),
                    client.asked(),
                    client.firstAsked().toString(),
                    client.lastAsked().toString(),
                    client.open(),
                    left == null ? null : left.toString(),
                    complaint.hint(),
                    complaint.whatToDo(),
                    Map.of("connections", ApiPath.BASE + "/connections"));
        }
    }
}
