package io.vitrine.admin;

import io.vitrine.admin.GroupTimelineViews.DiffView;
import io.vitrine.admin.GroupTimelineViews.TimelineView;
import io.vitrine.timeline.Generation;
import io.vitrine.timeline.GenerationDiff;
import io.vitrine.timeline.GroupTimeline;
import io.vitrine.timeline.GroupTimelines;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What has happened to a group, and what a rebalance has changed.
@RestController
@RequestMapping(ApiPath.BASE + "/groups/{group}/timeline")
class GroupTimelineController {
    private final GroupTimelines timelines;

    GroupTimelineController(GroupTimelines timelines) {
        this.timelines = timelines;
    }

    @GetMapping
    TimelineView timeline(@PathVariable String group, @RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        int limit = parameters.limit();
        boolean assignments = parameters.flag("assignments", false);
        parameters.requireSound();
        return TimelineView.of(find(group), limit, assignments);
    }

    /// Compares the last two generations unless told otherwise.
    @GetMapping("/diff")
    DiffView diff(@PathVariable String group, @RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        int from = parameters.number("from", -1, 0, Integer.MAX_VALUE);
        int to = parameters.number("to", -1, 0, Integer.MAX_VALUE);
        parameters.requireSound();
        var timeline = find(group);
        var kept = timeline.generations();
        if (kept.isEmpty() || (kept.size() == 1 && from < 0)) {
            throw GroupProblem.of(
                    KafkaError.GROUP_ID_NOT_FOUND.name(),
                    "Of group '%s' there are no two generations to compare.".formatted(group));
        }
        var earlier = from < 0 ? kept.get(kept.size() - 2) : generation(timeline, "from", from);
        var later = to < 0 ? kept.getLast() : generation(timeline, "to", to);
        return DiffView.of(GenerationDiff.between(earlier, later));
    }

    private GroupTimeline find(String group) {
        return timelines
                .find(group)
                .orElseThrow(() -> GroupProblem.of(
                        KafkaError.GROUP_ID_NOT_FOUND.name(), "Nothing is known of a group '%s'.".formatted(group)));
    }

    private static Generation generation(GroupTimeline timeline, String parameter, int epoch) {
        return timeline.findGeneration(epoch).orElseThrow(() -> {
            var kept = timeline.generations().stream().map(Generation::epoch).toList();
            return ApiProblem.badParameters(List.of(new ApiProblem.Violation(
                    parameter, "%d is none of the generations kept: %s".formatted(epoch, kept))));
        });
    }
}
