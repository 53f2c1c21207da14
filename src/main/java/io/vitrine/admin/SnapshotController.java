package io.vitrine.admin;

import io.vitrine.control.Snapshot;
import io.vitrine.control.SnapshotException;
import io.vitrine.control.TestControls;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Puts the whole broker back: to nothing, or to what it was.
@RestController
@RequestMapping(ApiPath.TEST)
class SnapshotController {
    private static final String SNAPSHOTS = ApiPath.TEST + "/snapshots";

    private final ObjectProvider<TestControls> controls;

    SnapshotController(ObjectProvider<TestControls> controls) {
        this.controls = controls;
    }

    private interface Call<T> {
        T run(TestControls controls) throws SnapshotException, IOException, InterruptedException;
    }

    @PostMapping("/reset")
    ResetView reset(HttpServletRequest request) {
        QueryParameters.requireNone(request);
        return call(found -> new ResetView(found.reset().size()));
    }

    @GetMapping("/snapshots")
    SnapshotsView list(HttpServletRequest request) {
        QueryParameters.requireNone(request);
        return call(found -> new SnapshotsView(
                found.snapshots().list().stream().map(SnapshotView::of).toList()));
    }

    @PostMapping("/snapshots/{name}")
    ResponseEntity<SnapshotView> make(@PathVariable String name, HttpServletRequest request) {
        QueryParameters.requireNone(request);
        var made = call(found -> found.snapshots().make(name));
        return ResponseEntity.created(URI.create(SNAPSHOTS + "/" + name)).body(SnapshotView.of(made));
    }

    @GetMapping("/snapshots/{name}")
    SnapshotView show(@PathVariable String name, HttpServletRequest request) {
        QueryParameters.requireNone(request);
        return SnapshotView.of(call(found -> found.snapshots().find(name)));
    }

    @DeleteMapping("/snapshots/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String name, HttpServletRequest request) {
        QueryParameters.requireNone(request);
        call(found -> {
            found.snapshots().delete(name);
            return true;
        });
    }

    @PostMapping("/snapshots/{name}/restore")
    SnapshotView restore(@PathVariable String name, HttpServletRequest request) {
        QueryParameters.requireNone(request);
        return SnapshotView.of(call(found -> found.restore(name)));
    }

    private <T> T call(Call<T> call) {
        try {
            return call.run(controls.getObject());
        } catch (SnapshotException e) {
            throw TestProblem.of(e);
        } catch (IOException e) {
            throw TopicProblem.notWritten(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TestProblem.stopping();
        }
    }

    /// @param topics how many there were
    record ResetView(int topics) {}

    record SnapshotsView(List<SnapshotView> items) {}

    /// @param records offsets between the starts and the ends of its logs
    /// @param sizeBytes of its files, most of which are shared with the logs as long as these have them
    record SnapshotView(
            String name,
            String createdIso,
            int topics,
            int partitions,
            long records,
            long sizeBytes,
            SnapshotLinks links) {
        static SnapshotView of(Snapshot snapshot) {
            var path = SNAPSHOTS + "/" + snapshot.name();
            return new SnapshotView(
                    snapshot.name(),
                    Instant.ofEpochMilli(snapshot.createdMs()).toString(),
                    snapshot.topics(),
                    snapshot.partitions(),
                    snapshot.records(),
                    snapshot.sizeInBytes(),
                    new SnapshotLinks(path, path + "/restore"));
        }
    }

    record SnapshotLinks(String self, String restore) {}
}
