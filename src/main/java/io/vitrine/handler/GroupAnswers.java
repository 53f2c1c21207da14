package io.vitrine.handler;

import io.vitrine.group.GroupCaller;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.Subject;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the handlers of all group APIs do in the same way: say who asks, turn the coordinator's answer into theirs,
/// and keep why something was refused.
final class GroupAnswers {
    private static final Logger log = LoggerFactory.getLogger(GroupAnswers.class);
    private static final int MAX_CLIENT_ID = 255;

    private GroupAnswers() {}

    static GroupCaller caller(Request<?> request) {
        var address = request.caller().address();
        return new GroupCaller(
                request.caller().listener(),
                InetAddress.ofLiteral(address.substring(0, address.lastIndexOf(':'))),
                // Ids of members begin with it and are kept for minutes, also of those who never come back.
                request.clientId()
                        .substring(0, Math.min(MAX_CLIENT_ID, request.clientId().length())),
                request.apiKey().id,
                request.version(),
                request.correlationId());
    }

    /// Answers with what the coordinator says.
    ///
    /// @param onFailure makes the answer if it says nothing but an error
    static <T extends ApiMessage> CompletionStage<Answer> answer(
            Request<?> request, CompletionStage<T> asked, Function<Errors, T> onFailure, Consumer<T> onAnswer) {
        return asked.handle((response, thrown) -> {
                    @Nullable Throwable failure = thrown;
                    return failure == null ? response : onFailure.apply(errorOf(request, failure));
                })
                .thenApply(response -> {
                    onAnswer.accept(response);
                    return new Answer.Message(response);
                });
    }

    /// Each group once, however often a request names it: a description may be a thousand times as long as a name.
    static List<String> once(List<String> groupIds) {
        return groupIds.stream().distinct().toList();
    }

    /// Kafka's error for what a call ended with. One that is nobody's refusal but our failure is logged; what a
    /// coordinator itself calls so it has logged.
    static Errors errorOf(Request<?> request, Throwable thrown) {
        var cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        var error = Errors.forException(cause);
        if (error == Errors.UNKNOWN_SERVER_ERROR && !(cause instanceof UnknownServerException)) {
            log.error(
                    "{} from {} failed", request.apiKey().name, request.caller().address(), cause);
        }
        return error;
    }

    /// Why a call failed, in words.
    static String messageOf(@Nullable Throwable thrown) {
        var cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause == null ? "" : String.valueOf(cause.getMessage());
    }

    /// Keeps why something of a group was refused, as below; who was meant is put into words only where something was.
    static void note(Request<?> request, String groupId, short code, Supplier<String> what) {
        if (code != Errors.NONE.code()) {
            note(request, groupId, code, what.get());
        }
    }

    /// Keeps why something of a group was refused; does nothing where it was not.
    static void note(Request<?> request, String groupId, short code, String what) {
        var error = Errors.forCode(code);
        var reason = reason(error);
        if (!reason.isEmpty()) {
            request.noteRefusal(
                    groupId.isEmpty() ? Subject.whole() : Subject.group(groupId),
                    error,
                    error.name(),
                    what.isEmpty() ? reason : reason + "; " + what);
        }
    }

    private static String reason(Errors error) {
        return switch (error) {
            case NONE -> "";
            case REBALANCE_IN_PROGRESS ->
                "the group is sharing its partitions out anew, and the member has to join again";
            case MEMBER_ID_REQUIRED -> "the member has been given an id, with which it is to join again";
            case COORDINATOR_LOAD_IN_PROGRESS -> "the group is still being read from its log";
            case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE -> "the group's partition is not served at this moment";
            case INVALID_REQUEST -> "the request asks for too much of the group";
            case INVALID_GROUP_ID -> "expected a group id that is not empty";
            case UNKNOWN_MEMBER_ID -> "the group has no such member: it never joined, left, or its session has ended";
            case ILLEGAL_GENERATION -> "the group has gone on to another generation without this member";
            case FENCED_INSTANCE_ID -> "another member has taken over this group.instance.id";
            case UNRELEASED_INSTANCE_ID -> "another member still holds this group.instance.id";
            case FENCED_MEMBER_EPOCH -> "the member's epoch is not the one the group knows; it must join again";
            case STALE_MEMBER_EPOCH -> "the member's epoch has gone on; it must learn the new one first";
            case INCONSISTENT_GROUP_PROTOCOL -> "the group's members speak another protocol, or have none in common";
            case GROUP_MAX_SIZE_REACHED -> "the group has as many members as are allowed";
            case INVALID_SESSION_TIMEOUT ->
                "expected a session timeout from group.min.session.timeout.ms to group.max.session.timeout.ms";
            case GROUP_ID_NOT_FOUND -> "there is no such group of this kind";
            case NON_EMPTY_GROUP -> "the group still has members";
            case GROUP_SUBSCRIBED_TO_TOPIC -> "a member of the group is subscribed to the topic";
            case OFFSET_METADATA_TOO_LARGE -> "the metadata is longer than offset.metadata.max.bytes";
            case UNKNOWN_TOPIC_OR_PARTITION -> "no such topic or partition";
            case UNKNOWN_TOPIC_ID -> "no topic has this id";
            default -> error.message();
        };
    }
}
