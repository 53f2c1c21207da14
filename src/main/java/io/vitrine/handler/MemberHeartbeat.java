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
record MemberHeartbeat(String groupId, String memberId, int memberEpoch) {
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
                asked,
                error -> refuse.apply(Refusal.of(error)),
                answer -> note(request, refusal.apply(answer)));
    }

    private void note(Request<?> request, Refusal refusal) {
        if (refusal.code() != Errors.NONE.code()) {
            var words = refusal.message() == null ? "" : ": " + refusal.message();
            GroupAnswers.note(
                    request,
                    groupId,
                    refusal.code(),
                    "member \"%s\", epoch %d%s".formatted(memberId, memberEpoch, words));
        }
    }
}
