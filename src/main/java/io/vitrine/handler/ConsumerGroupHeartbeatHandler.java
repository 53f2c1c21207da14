package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// The one call of the newer group protocol (KIP-848): a member joins, stays, learns what it is to read, and leaves
/// with it.
public final class ConsumerGroupHeartbeatHandler implements RequestHandler<ConsumerGroupHeartbeatRequestData> {
    private final GroupCalls groups;

    public ConsumerGroupHeartbeatHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.CONSUMER_GROUP_HEARTBEAT;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 1);
    }

    @Override
    public CompletionStage<Answer> handle(Request<ConsumerGroupHeartbeatRequestData> request) {
        var message = request.message();
        return GroupAnswers.answer(
                request,
                groups.consumerGroupHeartbeat(GroupAnswers.caller(request), message),
                ConsumerGroupHeartbeatHandler::failed,
                response -> GroupAnswers.note(
                        request,
                        message.groupId(),
                        response.errorCode(),
                        "member \"%s\", epoch %d%s"
                                .formatted(
                                        message.memberId(),
                                        message.memberEpoch(),
                                        response.errorMessage() == null ? "" : ": " + response.errorMessage())));
    }

    private static ConsumerGroupHeartbeatResponseData failed(Errors error) {
        return new ConsumerGroupHeartbeatResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }
}
