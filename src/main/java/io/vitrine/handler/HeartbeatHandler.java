package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Keeps a member of a classic group alive, and tells it when the group rebalances.
public final class HeartbeatHandler implements RequestHandler<HeartbeatRequestData> {
    private final GroupCalls groups;

    public HeartbeatHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.HEARTBEAT;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 4);
    }

    @Override
    public CompletionStage<Answer> handle(Request<HeartbeatRequestData> request) {
        var message = request.message();
        return GroupAnswers.answer(
                request,
                groups.heartbeat(GroupAnswers.caller(request), message),
                error -> new HeartbeatResponseData().setErrorCode(error.code()),
                response -> GroupAnswers.note(
                        request,
                        message.groupId(),
                        response.errorCode(),
                        () -> "member \"%s\", generation %d".formatted(message.memberId(), message.generationId())));
    }
}
