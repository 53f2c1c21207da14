package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.metadata.MetadataService;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@TestInstance(Lifecycle.PER_CLASS)
class ClusterMetadataOverHttpTests {
    private static final String LOG = "/api/v1/internal/cluster-metadata";

    @TempDir
    private static Path directory;

    private RunningBroker broker;
    private MetadataService metadata;
    private Rest rest;
    private long afterFirst;
    private long afterSecond;

    @BeforeAll
    void start() throws Exception {
        broker = RunningBroker.in(directory);
        metadata = broker.broker().metadata();
        broker.createTopic("first", 2);
        afterFirst = metadata.logEndOffset();
        broker.createTopic("second", 1);
        afterSecond = metadata.logEndOffset();
        assertThat(metadata.history().writeCheckpoint()).isTrue();
        broker.createTopic("third", 1);
        rest = new Rest(broker);
    }

    @AfterAll
    void stop() {
        rest.close();
        broker.close();
    }

    @Test
    void everyRecordIsShownWithItsTypeItsFieldsAndItsBatch() {
        var page = rest.get(200, LOG + "?limit=10000");

        var records = items(page);
        assertThat(records).hasSize((int) metadata.logEndOffset());
        assertThat(records.getFirst().get("type").asString()).isEqualTo("FeatureLevelRecord");
        var topic = records.get((int) afterFirst);
        assertThat(topic.get("type").asString()).isEqualTo("TopicRecord");
        assertThat(topic.get("data").get("name").asString()).isEqualTo("second");
        assertThat(topic.get("timestampIso").asString()).startsWith("20");
        assertThat(topic.get("batch").get("baseOffset").asLong()).isEqualTo(afterFirst);
        assertThat(topic.get("batch").get("lastOffset").asLong()).isEqualTo(afterSecond - 1);
        assertThat(topic.get("batch").get("epoch").asInt()).isEqualTo(1);
        assertThat(records.getLast().get("batch").get("segment").asLong()).isEqualTo(afterSecond);
        assertThat(page.get("log").get("checkpointOffset").asLong()).isEqualTo(afterSecond);
        assertThat(page.get("log").get("recordsSinceCheckpoint").asLong()).isEqualTo(2);
    }

    @Test
    void pagesLeadThroughTheWholeLogAcrossItsSegments() {
        var offsets = new ArrayList<Long>();
        var path = LOG + "?limit=3";
        while (path != null) {
            var page = rest.get(200, path);
            items(page).forEach(record -> offsets.add(record.get("offset").asLong()));
            path = page.has("next") ? page.get("next").asString() : null;
        }

        assertThat(offsets).hasSize((int) metadata.logEndOffset()).isSorted().doesNotHaveDuplicates();
        assertThat(rest.get(416, LOG + "?from=100000").get("errorName").asString())
                .isEqualTo("OFFSET_OUT_OF_RANGE");
    }

    @Test
    void checkpointsAreListedAndDecodedWithTheirControlRecords() {
        var list = items(rest.get(200, LOG + "/checkpoints"));
        assertThat(list)
                .extracting(checkpoint -> checkpoint.get("endOffset").asLong())
                .containsExactly(0L, afterSecond);

        var records =
                items(rest.get(200, list.getLast().get("links").get("records").asString()));

        assertThat(records)
                .extracting(record -> record.get("type").asString())
                .startsWith("SNAPSHOT_HEADER", "KRAFT_VERSION", "KRAFT_VOTERS")
                .contains("TopicRecord", "PartitionRecord")
                .endsWith("SNAPSHOT_FOOTER");
        assertThat(records.getFirst().get("control").asBoolean()).isTrue();
        rest.get(404, LOG + "/checkpoints/..%2Fmeta.properties");
        rest.get(404, LOG + "/checkpoints/00000000000000000001-0000000001.checkpoint");
    }

    @Test
    void theImageIsTheOneOfTheOffset() {
        var past = rest.get(200, LOG + "/image?at=" + afterFirst);

        assertThat(items(past.get("topics"), "name")).containsExactly("first");
        assertThat(past.get("topics").get(0).get("partitions").size()).isEqualTo(2);
        assertThat(past.get("features").get("kraft.version").asInt()).isEqualTo(1);
        var now = rest.get(200, LOG + "/image");
        assertThat(items(now.get("topics"), "name")).containsExactly("first", "second", "third");
        assertThat(now.get("checkpointOffset").asLong()).isEqualTo(afterSecond);
        assertThat(items(rest.get(200, LOG + "/image?topic=third").get("topics"), "name"))
                .containsExactly("third");
    }

    @Test
    void anOffsetThatCanNotBeToldIsAProblemThatSaysWhichCan() {
        var problem = rest.get(416, LOG + "/image?at=100000");

        assertThat(problem.get("errorName").asString()).isEqualTo("OFFSET_OUT_OF_RANGE");
        assertThat(problem.get("firstOffset").asLong()).isZero();
        assertThat(problem.get("endOffset").asLong()).isEqualTo(metadata.logEndOffset());
        rest.get(400, LOG + "/image?at=-1");
        rest.get(400, LOG + "/diff?from=9&to=8");
    }

    @Test
    void theDifferenceTellsWhatCame() {
        var diff = rest.get(200, LOG + "/diff?from=%d&to=%d".formatted(afterFirst, afterSecond));

        assertThat(diff.get("total").asInt()).isEqualTo(1);
        var change = diff.get("items").get(0);
        assertThat(change.get("kind").asString()).isEqualTo("TOPIC");
        assertThat(change.get("subject").asString()).isEqualTo("second");
        assertThat(change.get("action").asString()).isEqualTo("ADDED");
        assertThat(change.get("after").get("partitions").asInt()).isEqualTo(1);
    }

    private static List<JsonNode> items(JsonNode page) {
        var found = new ArrayList<JsonNode>();
        page.get("items").forEach(found::add);
        return found;
    }

    private static List<String> items(JsonNode array, String field) {
        var found = new ArrayList<String>();
        array.forEach(item -> found.add(item.get(field).asString()));
        return found;
    }
}
