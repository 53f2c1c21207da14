package io.vitrine.admin;

import io.vitrine.group.GroupChanges;
import io.vitrine.group.GroupDirectory;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// One group and its members.
@RestController
@RequestMapping({ApiPath.GROUP, ApiPath.GROUP_BY_ID})
class GroupController {
    private final GroupDirectory groups;
    private final GroupChanges changes;
    private final GroupLag lag;

    GroupController(GroupDirectory groups, GroupChanges changes, GroupLag lag) {
        this.groups = groups;
        this.changes = changes;
        this.lag = lag;
    }

    @GetMapping
    GroupView group(@PathVariable(required = false) @Nullable String group, @RequestParam Map<String, String> query) {
        var id = onlyId(group, query);
        var description = GroupCall.await(groups.describe(id));
        var committed = GroupCall.await(groups.offsets(id));
        return GroupView.of(description, committed.size(), lag.total(committed));
    }

    @GetMapping("/members")
    GroupMemberView.Members members(
            @PathVariable(required = false) @Nullable String group, @RequestParam Map<String, String> query) {
        var id = onlyId(group, query);
        var description = GroupCall.await(groups.describe(id));
        return new GroupMemberView.Members(
                description.members().stream().map(GroupMemberView::of).toList());
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable(required = false) @Nullable String group, @RequestParam Map<String, String> query) {
        GroupCall.await(changes.delete(onlyId(group, query)));
    }

    private static String onlyId(@Nullable String group, Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var id = GroupId.of(group, parameters);
        parameters.requireSound();
        return id;
    }
}
