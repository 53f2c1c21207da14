package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.handler.MemberHeartbeat.Refusal;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

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
        return new MemberHeartbeat(message.groupId(), message.memberId(), message.memberEpoch(), groups.haveBeenLost())
                .answer(
                        request,
                        groups.consumerGroupHeartbeat(GroupAnswers.caller(request), message),
                        ConsumerGroupHeartbeatHandler::refused,
                        answer -> new Refusal(answer.errorCode(), answer.errorMessage()));
    }

    private static ConsumerGroupHeartbeatResponseData refused(Refusal refusal) {
        return new ConsumerGroupHeartbeatResponseData()
                .setErrorCode(refusal.code())
                .setErrorMessage(refusal.message());
    }
}
