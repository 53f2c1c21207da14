package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Tells from where on share groups are given the records of partitions, and how many are left.
public final class DescribeShareGroupOffsetsHandler implements RequestHandler<DescribeShareGroupOffsetsRequestData> {
    private final GroupCalls groups;

    public DescribeShareGroupOffsetsHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 1);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DescribeShareGroupOffsetsRequestData> request) {
        var asked = request.message().groups().stream()
                .map(group -> describe(request, group))
                .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(_ -> new Answer.Message(new DescribeShareGroupOffsetsResponseData()
                        .setGroups(asked.stream().map(CompletableFuture::join).toList())));
    }

    /// Each group answers for itself.
    private CompletableFuture<DescribeShareGroupOffsetsResponseGroup> describe(
            Request<?> request, DescribeShareGroupOffsetsRequestGroup group) {
        return groups.shares()
                .describeOffsets(GroupAnswers.caller(request), group)
                .handle((described, thrown) -> {
                    @Nullable Throwable failure = thrown;
                    var answer = failure == null
                            ? described
                            : failed(group.groupId(), GroupAnswers.errorOf(request, failure));
                    GroupAnswers.note(request, group.groupId(), answer.errorCode(), "");
                    return answer;
                });
    }

    private static DescribeShareGroupOffsetsResponseGroup failed(String groupId, Errors error) {
        return new DescribeShareGroupOffsetsResponseGroup()
                .setGroupId(groupId)
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }
}
