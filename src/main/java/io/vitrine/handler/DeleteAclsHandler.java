package io.vitrine.handler;

import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Refuses to delete access rules, of which there are none.
public final class DeleteAclsHandler implements RequestHandler<DeleteAclsRequestData> {
    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DELETE_ACLS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 3);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DeleteAclsRequestData> request) {
        var message = "No Authorizer is configured.";
        request.noteRefusal(Subject.whole(), Errors.SECURITY_DISABLED, "NO_AUTHORIZER", message);
        var refused = new DeleteAclsFilterResult()
                .setErrorCode(Errors.SECURITY_DISABLED.code())
                .setErrorMessage(message);
        return CompletableFuture.completedFuture(new Answer.Message(new DeleteAclsResponseData()
                .setFilterResults(
                        Collections.nCopies(request.message().filters().size(), refused))));
    }
}
