package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Takes a member into a classic group. The answer waits until the group knows its members, which may take minutes.
public final class JoinGroupHandler implements RequestHandler<JoinGroupRequestData> {
    private static final short FIRST_VERSION_WITH_NULL_PROTOCOL = 7;

    private final GroupCalls groups;

    public JoinGroupHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.JOIN_GROUP;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 9);
    }

    @Override
    public CompletionStage<Answer> handle(Request<JoinGroupRequestData> request) {
        var message = request.message();
        return GroupAnswers.answer(
                request,
                groups.joinGroup(GroupAnswers.caller(request), message),
                error -> new JoinGroupResponseData().setErrorCode(error.code()),
                response -> {
                    complete(request.version(), response);
                    GroupAnswers.note(
                            request,
                            message.groupId(),
                            response.errorCode(),
                            "member \"%s\"".formatted(message.memberId()));
                });
    }

    // Where there is no protocol, older versions have no null to say so.
    private static void complete(short version, JoinGroupResponseData response) {
        var name = response.protocolName();
        if (name == null || name.isEmpty()) {
            response.setProtocolName(version < FIRST_VERSION_WITH_NULL_PROTOCOL ? "" : null);
        }
    }
}
