package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Describes classic groups: their states, members and assignments.
public final class DescribeGroupsHandler implements RequestHandler<DescribeGroupsRequestData> {
    private final GroupCalls groups;

    public DescribeGroupsHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_GROUPS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 6);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DescribeGroupsRequestData> request) {
        var asked = groups.describeGroups(
                        GroupAnswers.caller(request),
                        GroupAnswers.once(request.message().groups()))
                .thenApply(found -> new DescribeGroupsResponseData().setGroups(found));
        return GroupAnswers.answer(
                request,
                asked,
                error -> failed(request.message(), error),
                response -> response.groups().forEach(group -> {
                    GroupAnswers.note(request, group.groupId(), group.errorCode(), "");
                    if (group.errorCode() == Errors.NONE.code()
                            && request.message().includeAuthorizedOperations()) {
                        group.setAuthorizedOperations(AuthorizedOperations.ON_GROUP);
                    }
                }));
    }

    private static DescribeGroupsResponseData failed(DescribeGroupsRequestData message, Errors error) {
        return new DescribeGroupsResponseData()
                .setGroups(message.groups().stream()
                        .map(id -> new DescribedGroup().setGroupId(id).setErrorCode(error.code()))
                        .toList());
    }
}
