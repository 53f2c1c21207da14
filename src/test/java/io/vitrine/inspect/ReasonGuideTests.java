package io.vitrine.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.metadata.CreateTopicOutcome;
import io.vitrine.protocol.Closing;
import io.vitrine.record.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ReasonGuideTests {
    private static final Pattern ERROR = Pattern.compile("\\bErrors\\.([A-Z][A-Z_]+)\\b");
    private static final Pattern REASON = Pattern.compile("\"([A-Z][A-Z_]{3,})\"");

    @Test
    void saysWhyABatchIsRefusedATopicNotMadeAndAConnectionClosed() {
        var reasons = Stream.of(Refusal.Reason.values(), CreateTopicOutcome.Refusal.values(), Closing.values())
                .flatMap(Arrays::stream)
                .map(Enum::name);

        assertThat(reasons)
                .allSatisfy(reason ->
                        assertThat(ReasonGuide.find(reason, "")).as(reason).isPresent());
    }

    @Test
    void saysWhatEveryErrorMeansThatAHandlerNames() throws IOException {
        var named = new TreeSet<String>();
        try (var sources = Files.list(Path.of("src/main/java/io/vitrine/handler"))) {
            for (var source : sources.toList()) {
                var text = Files.readString(source);
                ERROR.matcher(text).results().forEach(match -> named.add(match.group(1)));
                REASON.matcher(text).results().forEach(match -> named.add(match.group(1)));
            }
        }
        named.remove(Errors.NONE.name());

        assertThat(named)
                .hasSizeGreaterThan(60)
                .allSatisfy(reason ->
                        assertThat(ReasonGuide.find(reason, "")).as(reason).isPresent());
    }

    @Test
    void whereAReasonSaysNothingTheErrorDoes() {
        assertThat(ReasonGuide.find("OF_NO_KIND", "OFFSET_OUT_OF_RANGE"))
                .hasValueSatisfying(advice -> assertThat(advice.whatToDo()).contains("auto.offset.reset"));
        assertThat(ReasonGuide.find("OF_NO_KIND", "NOR_THIS")).isEmpty();
    }
}
