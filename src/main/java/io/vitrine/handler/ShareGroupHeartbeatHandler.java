package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.handler.MemberHeartbeat.Refusal;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/// The call with which a member of a share group (KIP-932) joins, stays, learns which partitions it reads, and
/// leaves.
public final class ShareGroupHeartbeatHandler implements RequestHandler<ShareGroupHeartbeatRequestData> {
    private final GroupCalls groups;

    public ShareGroupHeartbeatHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.SHARE_GROUP_HEARTBEAT;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 1);
    }

    @Override
    public CompletionStage<Answer> handle(Request<ShareGroupHeartbeatRequestData> request) {
        var message = request.message();
        return new MemberHeartbeat(message.groupId(), message.memberId(), message.memberEpoch(), groups.haveBeenLost())
                .answer(
                        request,
                        groups.shares().heartbeat(GroupAnswers.caller(request), message),
                        ShareGroupHeartbeatHandler::refused,
                        answer -> new Refusal(answer.errorCode(), answer.errorMessage()));
    }

    private static ShareGroupHeartbeatResponseData refused(Refusal refusal) {
        return new ShareGroupHeartbeatResponseData()
                .setErrorCode(refusal.code())
                .setErrorMessage(refusal.message());
    }
}
