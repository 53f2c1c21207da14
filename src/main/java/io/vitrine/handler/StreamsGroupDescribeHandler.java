package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Describes streams groups: their topology, their members, and the tasks of these.
public final class StreamsGroupDescribeHandler implements RequestHandler<StreamsGroupDescribeRequestData> {
    private final GroupCalls groups;

    public StreamsGroupDescribeHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.STREAMS_GROUP_DESCRIBE;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 1);
    }

    @Override
    public CompletionStage<Answer> handle(Request<StreamsGroupDescribeRequestData> request) {
        var message = request.message();
        var asked = groups.describeStreamsGroups(
                        GroupAnswers.caller(request),
                        GroupAnswers.once(message.groupIds()),
                        message.includeTopologyDescription())
                .thenApply(found -> new StreamsGroupDescribeResponseData().setGroups(found));
        return GroupAnswers.answer(
                request,
                asked,
                error -> failed(message, error),
                response -> response.groups().forEach(group -> complete(request, group)));
    }

    private static void complete(Request<StreamsGroupDescribeRequestData> request, DescribedGroup group) {
        if (group.errorCode() == Errors.NONE.code() && request.message().includeAuthorizedOperations()) {
            group.setAuthorizedOperations(AuthorizedOperations.ON_GROUP);
        }
        GroupAnswers.note(request, group.groupId(), group.errorCode(), "");
    }

    private static StreamsGroupDescribeResponseData failed(StreamsGroupDescribeRequestData message, Errors error) {
        return new StreamsGroupDescribeResponseData()
                .setGroups(message.groupIds().stream()
                        .map(id -> new DescribedGroup().setGroupId(id).setErrorCode(error.code()))
                        .toList());
    }
}
