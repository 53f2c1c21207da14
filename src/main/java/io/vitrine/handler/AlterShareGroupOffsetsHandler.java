package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Sets from where on a share group without members is given the records of partitions.
public final class AlterShareGroupOffsetsHandler implements RequestHandler<AlterShareGroupOffsetsRequestData> {
    private final GroupCalls groups;

    public AlterShareGroupOffsetsHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ALTER_SHARE_GROUP_OFFSETS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 0);
    }

    @Override
    public CompletionStage<Answer> handle(Request<AlterShareGroupOffsetsRequestData> request) {
        return GroupAnswers.answer(
                request,
                groups.shares().alterOffsets(GroupAnswers.caller(request), request.message()),
                AlterShareGroupOffsetsHandler::failed,
                response -> note(request, response));
    }

    private static void note(
            Request<AlterShareGroupOffsetsRequestData> request, AlterShareGroupOffsetsResponseData response) {
        var groupId = request.message().groupId();
        GroupAnswers.note(request, groupId, response.errorCode(), "");
        for (var topic : response.responses()) {
            topic.partitions()
                    .forEach(partition -> GroupAnswers.note(
                            request,
                            groupId,
                            partition.errorCode(),
                            () -> "%s-%d".formatted(topic.topicName(), partition.partitionIndex())));
        }
    }

    private static AlterShareGroupOffsetsResponseData failed(Errors error) {
        return new AlterShareGroupOffsetsResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }
}
