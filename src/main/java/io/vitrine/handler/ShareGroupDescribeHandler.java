package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Describes share groups: their members, and what these read.
public final class ShareGroupDescribeHandler implements RequestHandler<ShareGroupDescribeRequestData> {
    private final GroupCalls groups;

    public ShareGroupDescribeHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.SHARE_GROUP_DESCRIBE;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 1);
    }

    @Override
    public CompletionStage<Answer> handle(Request<ShareGroupDescribeRequestData> request) {
        var message = request.message();
        var asked = groups.shares()
                .describe(GroupAnswers.caller(request), GroupAnswers.once(message.groupIds()))
                .thenApply(found -> new ShareGroupDescribeResponseData().setGroups(found));
        return GroupAnswers.answer(
                request,
                asked,
                error -> failed(message, error),
                response -> response.groups().forEach(group -> complete(request, group)));
    }

    private static void complete(Request<ShareGroupDescribeRequestData> request, DescribedGroup group) {
        if (group.errorCode() == Errors.NONE.code() && request.message().includeAuthorizedOperations()) {
            group.setAuthorizedOperations(AuthorizedOperations.ON_GROUP);
        }
        GroupAnswers.note(request, group.groupId(), group.errorCode(), "");
    }

    private static ShareGroupDescribeResponseData failed(ShareGroupDescribeRequestData message, Errors error) {
        return new ShareGroupDescribeResponseData()
                .setGroups(message.groupIds().stream()
                        .map(id -> new DescribedGroup().setGroupId(id).setErrorCode(error.code()))
                        .toList());
    }
}
