package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.fault.ArmedFault;
import io.vitrine.fault.Effect;
import io.vitrine.fault.Faults;
import io.vitrine.fault.Target;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Faults on purpose, where test controls are on.
@RestController
@RequestMapping(ApiPath.FAULTS)
class FaultController {
    private final ObjectProvider<Faults> faults;

    FaultController(ObjectProvider<Faults> faults) {
        this.faults = faults;
    }

    @GetMapping
    FaultsView all(HttpServletRequest request) {
        QueryParameters.requireNone(request);
        return new FaultsView(
                faults.getObject().all().stream().map(FaultView::of).toList());
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<FaultView> add(HttpServletRequest request) throws IOException {
        QueryParameters.requireNone(request);
        var wish = FaultBody.read(PostedObject.read(request));
        var added = faults.getObject()
                .add(wish)
                .map(FaultView::of)
                .orElseThrow(() -> new ApiProblem(
                        HttpStatus.CONFLICT,
                        "Too many faults",
                        "There are %d, as many as there may be; DELETE some.".formatted(Faults.MOST)));
        return ResponseEntity.created(URI.create(added.links().get("self"))).body(added);
    }

    @DeleteMapping
    RemovedView clear(HttpServletRequest request) {
        QueryParameters.requireNone(request);
        return new RemovedView(faults.getObject().clear());
    }

    @GetMapping("/{id}")
    FaultView one(@PathVariable String id, HttpServletRequest request) {
        QueryParameters.requireNone(request);
        return faults.getObject().find(numberOf(id)).map(FaultView::of).orElseThrow(() -> unknown(id));
    }

    @DeleteMapping("/{id}")
    RemovedView remove(@PathVariable String id, HttpServletRequest request) {
        QueryParameters.requireNone(request);
        if (!faults.getObject().remove(numberOf(id))) {
            throw unknown(id);
        }
        return new RemovedView(1);
    }

    /// 0 is nobody's.
    private static int numberOf(String id) {
        try {
            return Integer.parseInt(id);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static ApiProblem unknown(String id) {
        return new ApiProblem(
                HttpStatus.NOT_FOUND, "Unknown fault", "There is no fault '%s'.".formatted(QueryParameters.echo(id)));
    }

    record FaultsView(List<FaultView> items) {}

    record RemovedView(int removed) {}

    /// @param matched requests that it could have hit
    /// @param done requests that it has hit
    /// @param over can it hit no request any more?
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FaultView(
            int id,
            @Nullable String api,
            @Nullable String client,
            @Nullable String topic,
            @Nullable Integer partition,
            Map<String, Object> fault,
            boolean after,
            @Nullable Integer everyNth,
            @Nullable Double probability,
            @Nullable Integer count,
            @Nullable Integer forMs,
            long seed,
            String setIso,
            long matched,
            long done,
            boolean over,
            Map<String, String> links) {
        static FaultView of(ArmedFault armed) {
            var target = armed.fault().target();
            var schedule = armed.fault().schedule();
            return new FaultView(
                    armed.id(),
                    target.api() == null ? null : target.api().name,
                    target.client(),
                    target.topic(),
                    target.partition() == Target.ALL_PARTITIONS ? null : target.partition(),
                    effect(armed.fault().effect()),
                    armed.fault().after(),
                    schedule.everyNth() == 1 ? null : schedule.everyNth(),
                    schedule.probability() == 1 ? null : schedule.probability(),
                    schedule.count() == 0 ? null : schedule.count(),
                    schedule.forMs() == 0 ? null : schedule.forMs(),
                    schedule.seed(),
                    armed.set().toString(),
                    armed.matched(),
                    armed.done(),
                    armed.isOver(),
                    Map.of("self", ApiPath.FAULTS + "/" + armed.id()));
        }

        private static Map<String, Object> effect(Effect effect) {
            return switch (effect) {
                case Effect.Fail(Errors error) -> Map.of("error", error.name());
                case Effect.Delay(int ms) -> Map.of("delayMs", ms);
                case Effect.Disconnect _ -> Map.of("disconnect", true);
                case Effect.DropAnswer _ -> Map.of("dropAnswer", true);
            };
        }
    }
}
