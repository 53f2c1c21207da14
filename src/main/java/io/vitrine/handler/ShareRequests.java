package io.vitrine.handler;

import io.vitrine.group.ShareKey;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.Subject;
import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What the two requests of a share session have in common.
final class ShareRequests {
    static final int FINAL_EPOCH = -1;
    static final int INITIAL_EPOCH = 0;
    private static final int MAX_MEMBER_LENGTH = 36;

    private ShareRequests() {}

    /// What is wrong with who asks, in Kafka's words; empty if nothing is.
    static Optional<String> findFault(@Nullable String groupId, @Nullable String memberId) {
        if (groupId == null) {
            return Optional.of("Invalid group id in the request.");
        }
        return memberId == null || memberId.isEmpty() || memberId.length() > MAX_MEMBER_LENGTH
                ? Optional.of("Invalid member id in the request.")
                : Optional.empty();
    }

    /// What a refusal concerns that is of one partition.
    static Subject subject(ShareKey key) {
        return Subject.partition(key.topicId().toString(), key.partition());
    }

    /// Keeps why a whole request is refused.
    static void note(Request<?> request, @Nullable String groupId, Errors error, String detail) {
        request.noteRefusal(groupId == null ? Subject.whole() : Subject.group(groupId), error, error.name(), detail);
    }
}
