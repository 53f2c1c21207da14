package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Forgets what a share group without members was given of some topics.
public final class DeleteShareGroupOffsetsHandler implements RequestHandler<DeleteShareGroupOffsetsRequestData> {
    private final GroupCalls groups;

    public DeleteShareGroupOffsetsHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DELETE_SHARE_GROUP_OFFSETS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 0);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DeleteShareGroupOffsetsRequestData> request) {
        var groupId = request.message().groupId();
        return GroupAnswers.answer(
                request,
                groups.shares().deleteOffsets(GroupAnswers.caller(request), request.message()),
                DeleteShareGroupOffsetsHandler::failed,
                response -> {
                    GroupAnswers.note(request, groupId, response.errorCode(), "");
                    response.responses()
                            .forEach(
                                    topic -> GroupAnswers.note(request, groupId, topic.errorCode(), topic.topicName()));
                });
    }

    private static DeleteShareGroupOffsetsResponseData failed(Errors error) {
        return new DeleteShareGroupOffsetsResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }
}
