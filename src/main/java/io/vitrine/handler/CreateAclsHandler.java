package io.vitrine.handler;

import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Refuses access rules, which nobody would look at.
public final class CreateAclsHandler implements RequestHandler<CreateAclsRequestData> {
    @Override
    public ApiKeys apiKey() {
        return ApiKeys.CREATE_ACLS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 3);
    }

    @Override
    public CompletionStage<Answer> handle(Request<CreateAclsRequestData> request) {
        var message = "No Authorizer is configured.";
        request.noteRefusal(Subject.whole(), Errors.SECURITY_DISABLED, "NO_AUTHORIZER", message);
        var refused = new AclCreationResult()
                .setErrorCode(Errors.SECURITY_DISABLED.code())
                .setErrorMessage(message);
        return CompletableFuture.completedFuture(new Answer.Message(new CreateAclsResponseData()
                .setResults(Collections.nCopies(request.message().creations().size(), refused))));
    }
}
