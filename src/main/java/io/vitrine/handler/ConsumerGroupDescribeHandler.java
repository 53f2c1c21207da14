package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Describes groups of the newer protocol: their members, and what these read and are to read.
public final class ConsumerGroupDescribeHandler implements RequestHandler<ConsumerGroupDescribeRequestData> {
    private final GroupCalls groups;

    public ConsumerGroupDescribeHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.CONSUMER_GROUP_DESCRIBE;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 1);
    }

    @Override
    public CompletionStage<Answer> handle(Request<ConsumerGroupDescribeRequestData> request) {
        var message = request.message();
        var asked = groups.describeConsumerGroups(GroupAnswers.caller(request), GroupAnswers.once(message.groupIds()))
                .thenApply(found -> new ConsumerGroupDescribeResponseData().setGroups(found));
        return GroupAnswers.answer(
                request,
                asked,
                error -> failed(message, error),
                response -> response.groups().forEach(group -> complete(request, group)));
    }

    private static void complete(Request<ConsumerGroupDescribeRequestData> request, DescribedGroup group) {
        if (group.errorCode() == Errors.NONE.code() && request.message().includeAuthorizedOperations()) {
            group.setAuthorizedOperations(AuthorizedOperations.ON_GROUP);
        }
        GroupAnswers.note(request, group.groupId(), group.errorCode(), "");
    }

    private static ConsumerGroupDescribeResponseData failed(ConsumerGroupDescribeRequestData message, Errors error) {
        return new ConsumerGroupDescribeResponseData()
                .setGroups(message.groupIds().stream()
                        .map(id -> new DescribedGroup().setGroupId(id).setErrorCode(error.code()))
                        .toList());
    }
}
