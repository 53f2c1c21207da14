package io.vitrine.handler;

import io.vitrine.metadata.MetadataService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.Subject;
import io.vitrine.protocol.VersionRange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Tells of quotas in the metadata log. None can be set here and none is applied, but a directory may bring some along.
public final class DescribeClientQuotasHandler implements RequestHandler<DescribeClientQuotasRequestData> {
    private final MetadataService metadata;

    public DescribeClientQuotasHandler(MetadataService metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_CLIENT_QUOTAS;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 1);
    }

    @Override
    public CompletionStage<Answer> handle(Request<DescribeClientQuotasRequestData> request) {
        return CompletableFuture.completedFuture(new Answer.Message(describe(request)));
    }

    private DescribeClientQuotasResponseData describe(Request<DescribeClientQuotasRequestData> request) {
        try {
            return metadata.description().describe(request.message()).setErrorMessage("");
        } catch (ApiException e) {
            var error = Errors.forException(e);
            request.noteRefusal(Subject.whole(), error, "QUOTA_FILTER", String.valueOf(e.getMessage()));
            return new DescribeClientQuotasResponseData()
                    .setErrorCode(error.code())
                    .setErrorMessage(e.getMessage())
                    .setEntries(null);
        }
    }
}
