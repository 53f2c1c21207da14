package io.vitrine.handler;

import io.vitrine.metadata.MetadataService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Tells which users have SCRAM credentials in the metadata log. None can be set here and nobody is asked for any, but
/// a directory may bring some along.
public final class DescribeUserScramCredentialsHandler
        implements RequestHandler<DescribeUserScramCredentialsRequestData> {
    private final MetadataService metadata;

    public DescribeUserScramCredentialsHandler(MetadataService metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 0);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DescribeUserScramCredentialsRequestData> request) {
        var response = metadata.description().describe(request.message()).setErrorMessage("");
        response.results().stream()
                .filter(result -> result.errorCode() != Errors.NONE.code())
                .forEach(result -> request.noteRefusal(
                        Subject.other(result.user()),
                        Errors.forCode(result.errorCode()),
                        "USER",
                        result.errorMessage()));
        return CompletableFuture.completedFuture(new Answer.Message(response));
    }
}
