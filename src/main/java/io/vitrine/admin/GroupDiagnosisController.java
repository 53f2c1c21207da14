package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.inspect.Finding;
import io.vitrine.inspect.GroupDiagnosis;
import io.vitrine.inspect.GroupDoctor;
import io.vitrine.metadata.TopicPartition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Why the consumers of a group don't get on.
@RestController
@RequestMapping(ApiPath.BASE + "/groups/{group}/diagnosis")
class GroupDiagnosisController {
    private static final int SILENT_MS = 10_000;

    private final GroupDoctor doctor;

    GroupDiagnosisController(GroupDoctor doctor) {
        this.doctor = doctor;
    }

    @GetMapping
    DiagnosisView diagnosis(@PathVariable String group, @RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        int silentMs = parameters.number("silentMs", SILENT_MS, 0, Integer.MAX_VALUE);
        parameters.requireSound();
        return DiagnosisView.of(GroupCall.await(doctor.examine(group, silentMs)));
    }

    /// @param state missing where the group could not be asked
    /// @param verdict the severity of the worst finding, or `OK`
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DiagnosisView(
            String groupId, @Nullable String state, String asOfIso, String verdict, List<FindingView> findings) {
        static DiagnosisView of(GroupDiagnosis diagnosis) {
            return new DiagnosisView(
                    diagnosis.groupId(),
                    diagnosis.state().isEmpty() ? null : diagnosis.state(),
                    Instant.ofEpochMilli(diagnosis.asOfMs()).toString(),
                    diagnosis.findings().isEmpty()
                            ? "OK"
                            : diagnosis.findings().getFirst().severity().name(),
                    diagnosis.findings().stream().map(FindingView::of).toList());
        }
    }

    /// @param memberId missing where it is nobody's
    /// @param topic missing where it is no partition's
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FindingView(
            String finding,
            String severity,
            @Nullable String memberId,
            @Nullable String topic,
            @Nullable Integer partition,
            String explanation,
            Map<String, Object> evidence) {
        static FindingView of(Finding finding) {
            return new FindingView(
                    finding.kind().name(),
                    finding.severity().name(),
                    finding.memberId().orElse(null),
                    finding.partition().map(TopicPartition::topic).orElse(null),
                    finding.partition().map(TopicPartition::partition).orElse(null),
                    finding.explanation(),
                    finding.evidence());
        }
    }
}
