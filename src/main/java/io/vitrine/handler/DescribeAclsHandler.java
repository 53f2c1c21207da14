package io.vitrine.handler;

import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Says that there are no access rules because nobody looks at any.
public final class DescribeAclsHandler implements RequestHandler<DescribeAclsRequestData> {
    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_ACLS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 3);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DescribeAclsRequestData> request) {
        var message = "No Authorizer is configured on the broker";
        request.noteRefusal(Subject.whole(), Errors.SECURITY_DISABLED, "NO_AUTHORIZER", message);
        return CompletableFuture.completedFuture(new Answer.Message(new DescribeAclsResponseData()
                .setErrorCode(Errors.SECURITY_DISABLED.code())
                .setErrorMessage(message)));
    }
}
