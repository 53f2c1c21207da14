package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.group.CommittedOffset;
import io.vitrine.group.GroupDirectory;
import io.vitrine.group.GroupSummary;
import io.vitrine.group.GroupType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/// The groups, by their ids.
@RestController
@RequestMapping(ApiPath.GROUPS)
class GroupListController {
    /// All that a group can be in, as Kafka names it.
    private static final List<String> STATES = List.of(
            "Empty",
            "Stable",
            "PreparingRebalance",
            "CompletingRebalance",
            "Assigning",
            "Reconciling",
            "NotReady",
            "Dead");

    private final GroupDirectory groups;
    private final GroupLag lag;

    GroupListController(GroupDirectory groups, GroupLag lag) {
        this.groups = groups;
        this.lag = lag;
    }

    @GetMapping
    GroupsView groups(@RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var states = words(parameters, "state", STATES);
        var types = words(
                parameters,
                "type",
                Stream.of(GroupType.values()).map(GroupType::label).toList());
        int limit = parameters.limit();
        var from = parameters.text("from").orElse("");
        parameters.requireSound();
        var found = GroupCall.await(groups.list()).stream()
                .filter(group -> states.contains(group.state().toLowerCase(Locale.ROOT)))
                .filter(group -> types.contains(group.type().label()))
                .toList();
        var behind =
                found.stream().filter(group -> group.id().compareTo(from) >= 0).toList();
        var page = behind.stream().limit(limit).toList();
        return new GroupsView(views(page), found.size(), behind.size() > limit ? next(query, behind.get(limit)) : null);
    }

    private List<GroupView> views(List<GroupSummary> page) {
        var descriptions = groups.describe(page);
        var offsets = new LinkedHashMap<GroupSummary, CompletableFuture<List<CommittedOffset>>>();
        page.forEach(group -> offsets.put(group, groups.offsets(group.id())));
        var views = new ArrayList<GroupView>();
        offsets.forEach((group, asked) -> {
            var description = GroupCall.await(descriptions).get(group.id());
            var committed = GroupCall.await(asked);
            views.add(
                    description == null
                            ? GroupView.of(group, committed.size(), lag.total(committed))
                            : GroupView.of(description, committed.size(), lag.total(committed)));
        });
        return views;
    }

    private static String next(Map<String, String> query, GroupSummary first) {
        var parameters = new TreeMap<>(query);
        parameters.put("from", first.id());
        var link = UriComponentsBuilder.fromPath(ApiPath.GROUPS);
        parameters.keySet().forEach(name -> link.queryParam(name, "{" + name + "}"));
        return link.encode().buildAndExpand(parameters).toUriString();
    }

    /// Several words with commas between them, in whatever case; all of them if none is given.
    private static Set<String> words(QueryParameters parameters, String name, List<String> known) {
        var lowerCase =
                known.stream().map(word -> word.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        var given = parameters.text(name);
        if (given.isEmpty()) {
            return lowerCase;
        }
        var words = Set.copyOf(List.of(given.get().toLowerCase(Locale.ROOT).split(",", -1)));
        if (!lowerCase.containsAll(words)) {
            parameters.violate(
                    name,
                    "'%s' is none of %s, nor some of them with commas between"
                            .formatted(QueryParameters.echo(given.get()), String.join(", ", known)));
        }
        return words;
    }

    /// @param total groups that fit the filters, on all pages
    record GroupsView(
            List<GroupView> items,
            int total,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String next) {}
}
