package io.vitrine.handler;

import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// The heartbeat with which a member of a group of a newer protocol does all it does: join, stay, leave. The
/// protocols differ in their messages, and agree in who speaks and how it is refused.
///
/// @param lost was there a log of groups that has gone or was replaced?
record MemberHeartbeat(String groupId, String memberId, int memberEpoch, boolean lost) {
    /// What an answer refuses.
    ///
    /// @param code 0 if it does not
    record Refusal(short code, @Nullable String message) {
        static Refusal of(Errors error) {
            return new Refusal(error.code(), error.message());
        }
    }

    /// Answers with what the coordinator says, and keeps what was refused.
    ///
    /// @param refuse makes an answer that refuses
    /// @param refusal finds what an answer refuses
    <T extends ApiMessage> CompletionStage<Answer> answer(
            Request<?> request, CompletionStage<T> asked, Function<Refusal, T> refuse, Function<T, Refusal> refusal) {
        return GroupAnswers.answer(
                request,
                asked.thenApply(answer ->
                        isLost(refusal.apply(answer)) ? refuse.apply(Refusal.of(Errors.UNKNOWN_MEMBER_ID)) : answer),
                error -> refuse.apply(Refusal.of(error)),
                answer -> note(request, refusal.apply(answer)));
    }

    /// That there is no such group clients take for final, as a group that has members can't be deleted. It can be
    /// lost with its log, when a test empties the broker; who hears that it is no member joins again.
    private boolean isLost(Refusal refusal) {
        return lost && memberEpoch > 0 && refusal.code() == Errors.GROUP_ID_NOT_FOUND.code();
    }

    private void note(Request<?> request, Refusal refusal) {
        if (refusal.code() != Errors.NONE.code()) {
            var words = refusal.message() == null ? "" : ": " + refusal.message();
            GroupAnswers.note(
                    request,
                    groupId,
                    refusal.code(),
                    () -> "member \"%s\", epoch %d%s".formatted(memberId, memberEpoch, words));
        }
    }
}
