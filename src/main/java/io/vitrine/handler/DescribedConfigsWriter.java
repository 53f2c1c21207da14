package io.vitrine.handler;

import io.vitrine.definition.DescribedConfig;
import io.vitrine.definition.Synonym;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Turns described configs into what an answer to DescribeConfigs has of them. A request may name a broker, whose
/// configs with their documentation are 200 KB, as often as it likes, so it counts what it has written.
final class DescribedConfigsWriter {
    private static final int BYTES_OF_ENTRY = 64;

    private final boolean withSynonyms;
    private final boolean withDocumentation;
    private long bytesLeft;

    DescribedConfigsWriter(boolean withSynonyms, boolean withDocumentation, long bytesLeft) {
        this.withSynonyms = withSynonyms;
        this.withDocumentation = withDocumentation;
        this.bytesLeft = bytesLeft;
    }

    /// @param names which to write; none for all
    DescribeConfigsResult write(List<DescribedConfig> configs, Set<String> names) {
        var written = new ArrayList<DescribeConfigsResourceResult>();
        for (var config : configs) {
            if (names.isEmpty() || names.contains(config.name())) {
                written.add(write(config));
            }
        }
        if (bytesLeft < 0) {
            return new DescribeConfigsResult()
                    .setErrorCode(Errors.INVALID_REQUEST.code())
                    .setErrorMessage("The answer would take more memory than there is: ask for fewer resources.");
        }
        return new DescribeConfigsResult().setConfigs(written);
    }

    private DescribeConfigsResourceResult write(DescribedConfig config) {
        var synonyms =
                withSynonyms ? config.synonyms().stream().map(this::write).toList() : List.<DescribeConfigsSynonym>of();
        @Nullable String documentation = withDocumentation ? config.definition().documentation() : null;
        count(config.name());
        count(config.value());
        count(documentation);
        return new DescribeConfigsResourceResult()
                .setName(config.name())
                .setValue(config.value())
                .setConfigSource(config.source().id())
                .setReadOnly(config.readOnly())
                .setIsSensitive(config.definition().sensitive())
                .setSynonyms(synonyms)
                .setConfigType(config.definition().type().id())
                .setDocumentation(documentation);
    }

    private DescribeConfigsSynonym write(Synonym synonym) {
        count(synonym.name());
        count(synonym.value());
        return new DescribeConfigsSynonym()
                .setName(synonym.name())
                .setValue(synonym.value())
                .setSource(synonym.source().id());
    }

    private void count(@Nullable String text) {
        bytesLeft -= BYTES_OF_ENTRY + (text == null ? 0 : text.length());
    }
}
