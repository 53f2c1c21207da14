package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Takes a member into a classic group. The answer waits until the group knows its members, which may take minutes.
public final class JoinGroupHandler implements RequestHandler<JoinGroupRequestData> {
    private static final short FIRST_VERSION_WITH_NULL_PROTOCOL = 7;
    private static final int MAX_PROTOCOLS = 1_000;
    private static final long MAX_METADATA_BYTES = 4 << 20;

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
                isTooLarge(message)
                        ? CompletableFuture.completedFuture(
                                new JoinGroupResponseData().setErrorCode(Errors.INVALID_REQUEST.code()))
                        : groups.joinGroup(GroupAnswers.caller(request), message),
                error -> new JoinGroupResponseData().setErrorCode(error.code()),
                response -> {
                    complete(request.version(), response);
                    GroupAnswers.note(
                            request,
                            message.groupId(),
                            response.errorCode(),
                            () -> "member \"%s\"".formatted(message.memberId()));
                });
    }

    /// What a member says of itself is kept in memory as long as it is one, and has to fit into a record.
    private static boolean isTooLarge(JoinGroupRequestData message) {
        return message.protocols().size() > MAX_PROTOCOLS
                || message.protocols().stream()
                                .mapToLong(protocol -> protocol.metadata().length)
                                .sum()
                        > MAX_METADATA_BYTES;
    }

    // Where there is no protocol, older versions have no null to say so.
    private static void complete(short version, JoinGroupResponseData response) {
        var name = response.protocolName();
        if (name == null || name.isEmpty()) {
            response.setProtocolName(version < FIRST_VERSION_WITH_NULL_PROTOCOL ? "" : null);
        }
    }
}
