package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Hands the leader's assignments to the members of a classic group. A follower's answer waits for those of the
/// leader.
public final class SyncGroupHandler implements RequestHandler<SyncGroupRequestData> {
    private static final short FIRST_VERSION_WITH_PROTOCOL = 5;

    private final GroupCalls groups;

    public SyncGroupHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.SYNC_GROUP;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 5);
    }

    @Override
    public CompletionStage<Answer> handle(Request<SyncGroupRequestData> request) {
        var message = request.message();
        if (!namesProtocol(request.version(), message)) {
            request.noteRefusal(
                    Subject.group(message.groupId()),
                    Errors.INCONSISTENT_GROUP_PROTOCOL,
                    "PROTOCOL_MISSING",
                    "from version 5 on, expected protocol type and name, found type %s and name %s"
                            .formatted(message.protocolType(), message.protocolName()));
            return CompletableFuture.completedFuture(new Answer.Message(failed(Errors.INCONSISTENT_GROUP_PROTOCOL)));
        }
        return GroupAnswers.answer(
                request,
                groups.syncGroup(GroupAnswers.caller(request), message),
                SyncGroupHandler::failed,
                response -> GroupAnswers.note(
                        request,
                        message.groupId(),
                        response.errorCode(),
                        () -> "member \"%s\", generation %d".formatted(message.memberId(), message.generationId())));
    }

    private static boolean namesProtocol(short version, SyncGroupRequestData message) {
        return version < FIRST_VERSION_WITH_PROTOCOL
                || (message.protocolType() != null && message.protocolName() != null);
    }

    private static SyncGroupResponseData failed(Errors error) {
        return new SyncGroupResponseData().setErrorCode(error.code());
    }
}
