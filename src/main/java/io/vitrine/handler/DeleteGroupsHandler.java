package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Deletes groups that have no members, with their committed offsets.
public final class DeleteGroupsHandler implements RequestHandler<DeleteGroupsRequestData> {
    private final GroupCalls groups;

    public DeleteGroupsHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DELETE_GROUPS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 3);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DeleteGroupsRequestData> request) {
        var ids = request.message().groupsNames().stream().distinct().toList();
        var asked = groups.deleteGroups(GroupAnswers.caller(request), ids)
                .thenApply(results -> new DeleteGroupsResponseData().setResults(results));
        return GroupAnswers.answer(
                request,
                asked,
                error -> failed(ids, error),
                response -> response.results()
                        .forEach(result -> GroupAnswers.note(request, result.groupId(), result.errorCode(), "")));
    }

    private static DeleteGroupsResponseData failed(List<String> ids, Errors error) {
        var results = new DeletableGroupResultCollection();
        ids.forEach(id -> results.add(new DeletableGroupResult().setGroupId(id).setErrorCode(error.code())));
        return new DeleteGroupsResponseData().setResults(results);
    }
}
