package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Lists the groups, all or those in certain states or of certain types.
public final class ListGroupsHandler implements RequestHandler<ListGroupsRequestData> {
    private final GroupCalls groups;

    public ListGroupsHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LIST_GROUPS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 5);
    }

    @Override
    public CompletionStage<Answer> handle(Request<ListGroupsRequestData> request) {
        return GroupAnswers.answer(
                request,
                groups.listGroups(GroupAnswers.caller(request), request.message()),
                error -> new ListGroupsResponseData().setErrorCode(error.code()),
                response -> GroupAnswers.note(request, "", response.errorCode(), ""));
    }
}
