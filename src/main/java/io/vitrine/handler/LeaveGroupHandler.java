package io.vitrine.handler;

import io.vitrine.group.GroupCalls;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Takes members out of a group: until version 2 the one that asks, then any number of them.
public final class LeaveGroupHandler implements RequestHandler<LeaveGroupRequestData> {
    private static final short FIRST_VERSION_WITH_MEMBERS = 3;

    private final GroupCalls groups;

    public LeaveGroupHandler(GroupCalls groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LEAVE_GROUP;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 5);
    }

    @Override
    public CompletionStage<Answer> handle(Request<LeaveGroupRequestData> request) {
        var message = request.message();
        return GroupAnswers.answer(
                request,
                groups.leaveGroup(GroupAnswers.caller(request), normalized(request.version(), message)),
                error -> new LeaveGroupResponseData().setErrorCode(error.code()),
                response -> {
                    note(request, response);
                    if (request.version() < FIRST_VERSION_WITH_MEMBERS) {
                        lift(response);
                    }
                });
    }

    private static LeaveGroupRequestData normalized(short version, LeaveGroupRequestData message) {
        return version < FIRST_VERSION_WITH_MEMBERS
                ? new LeaveGroupRequestData()
                        .setGroupId(message.groupId())
                        .setMembers(List.of(new MemberIdentity().setMemberId(message.memberId())))
                : message;
    }

    /// An answer of an older version has no members: the error of the only one is that of the request.
    private static void lift(LeaveGroupResponseData response) {
        if (response.errorCode() == Errors.NONE.code() && !response.members().isEmpty()) {
            response.setErrorCode(response.members().getFirst().errorCode());
        }
        response.setMembers(List.of());
    }

    private static void note(Request<LeaveGroupRequestData> request, LeaveGroupResponseData response) {
        var groupId = request.message().groupId();
        GroupAnswers.note(request, groupId, response.errorCode(), "");
        response.members()
                .forEach(member -> GroupAnswers.note(
                        request, groupId, member.errorCode(), () -> "member \"%s\"".formatted(member.memberId())));
    }
}
