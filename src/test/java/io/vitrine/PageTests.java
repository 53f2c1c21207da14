package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Durability;
import io.vitrine.record.Batches;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/// The page in a real browser, at a broker that real clients have filled.
class PageTests {
    private static final List<String> VIEWS = List.of(
            "#/",
            "#/topics",
            "#/topics/orders",
            "#/topics/clicks/partitions/0",
            "#/topics/payments/partitions/0/segments/0",
            "#/topics/orders/partitions/0/batches/5",
            "#/topics/hostile/partitions/0/batches/4?maxValueBytes=65536",
            "#/topics/hostile/partitions/0/records",
            "#/topics/hostile/partitions/0/records/1",
            "#/topics/" + PageSample.LONG_NAME);

    @TempDir
    private static Path directory;

    private static RunningBroker broker;
    private static Rest rest;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        var missing = Browser.missing();
        missing.ifPresent(reason -> System.out.println("Skipping PageTests: " + reason));
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        var settings = new HashMap<>(TransactionClients.QUICK_TRANSACTIONS);
        settings.put("socket.request.max.bytes", String.valueOf(4 * PageSample.LARGE_VALUE_BYTES));
        broker = RunningBroker.in(directory, Map.copyOf(settings));
        new PageSample(broker.bootstrapServers()).write();
        damage("damaged");
        rest = new Rest(broker);
        browser = new Browser(rest.base());
    }

    /// Writes three batches and spoils a byte of the second, as a disk might.
    private static void damage(String topic) throws Exception {
        broker.createTopic(topic, 1);
        new PageSample(broker.bootstrapServers()).writeBatches(topic, 3);
        try (var file = new RandomAccessFile(
                directory.resolve(topic + "-0/00000000000000000000.log").toFile(), "rw")) {
            long second = file.length() / 3;
            file.seek(second + 70);
            int spoilt = file.read() ^ 0x20;
            file.seek(second + 70);
            file.write(spoilt);
        }
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (rest != null) {
            rest.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @BeforeEach
    void useAnOrdinaryWindow() {
        browser.resize(1280, 900);
    }

    @AfterEach
    void nothingIsReportedAndNobodyElseIsAsked() {
        browser.requireQuiet();
    }

    @Test
    void theOverviewFollowsWhatTheBrokerDoes() throws Exception {
        browser.open("#/");
        var before = browser.find(By.xpath("//div[h2='Records in']//p[contains(., 'since the start')]"))
                .getText();

        new PageSample(broker.bootstrapServers()).trickle();

        browser.await(
                "another count",
                () -> !browser.find(By.xpath("//div[h2='Records in']//p[contains(., 'since the start')]"))
                        .getText()
                        .equals(before));
        assertThat(browser.text()).contains("Kafka port", "Logs undamaged", "free of", "Produce");
    }

    @Test
    void whoPausesIsShownTheNewestWhenGoingOn() throws Exception {
        browser.open("#/topics/orders");
        browser.find(By.xpath("//button[contains(., 'Live')]")).click();
        var paused = browser.find(By.xpath("//button[contains(., 'Paused')]"));
        assertThat(paused.getDomAttribute("aria-pressed")).isEqualTo("false");
        new PageSample(broker.bootstrapServers()).trickle();

        paused.click();

        var end = rest.get("/api/v1/topics/orders").path("records").longValue();
        browser.await(
                "the newest count", () -> browser.find("dl.facts dd").getText().equals("" + end));
    }

    @Test
    void aHundredThousandBatchesAreShownPageByPage() {
        broker.createTopic("endless", 1);
        var endless = broker.broker()
                .partitions()
                .find(new TopicPartition("endless", 0))
                .orElseThrow();
        for (int i = 0; i < 100_000; i++) {
            endless.append(Batches.of("v"), Durability.PAGE_CACHE, true).join();
        }

        browser.open("#/topics/endless/partitions/0/segments/0?from=99950");
        browser.await("the last fifty", () -> browser.count("main a[data-row]") == 50);
        browser.open("#/topics/endless/partitions/0/segments/0");
        browser.await("the first two hundred", () -> browser.count("main a[data-row]") == 200);

        // However many there are, no more than these are on the page.
        assertThat(browser.count("*")).isLessThan(6_000);
    }

    @Test
    void topicsAreListedAndFound() {
        browser.open("#/topics");
        assertThat(browser.text()).contains("orders", "__consumer_offsets", PageSample.LONG_NAME);

        browser.find("input[type=search]").sendKeys("ord");

        browser.await("one topic", () -> browser.count("main a[data-row]") == 1);
        assertThat(browser.text()).contains("1 topic").doesNotContain("payments");
    }

    @Test
    void theThemeIsTheOneThatIsChosen() {
        browser.open("#/topics");
        var background = "return getComputedStyle(document.body.parentElement).backgroundColor";
        var before = browser.run(background);

        browser.find(By.xpath("//header//button")).click();

        var after = browser.run(background);
        assertThat(after).isNotEqualTo(before);
        browser.reopen("#/");
        assertThat(browser.run(background)).isEqualTo(after);
        browser.run("localStorage.clear(); delete document.documentElement.dataset.theme");
    }

    @Test
    void everyViewSaysHowToGetTheSameWithCurl() {
        browser.open("#/topics");

        browser.find(By.xpath("//summary[.='as curl']")).click();

        assertThat(browser.find("details.calls pre").getText())
                .isEqualTo("curl -s '%s/api/v1/topics' | jq".formatted(rest.base()));
        assertThat(browser.find("a.json").getDomAttribute("href")).isEqualTo("/api/v1/topics");
    }

    @Test
    void rowsAreWalkedWithTheArrowKeys() {
        browser.open("#/topics");
        browser.pressUntil(Keys.TAB, "clicks");

        browser.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_UP);

        browser.pressUntil(Keys.SHIFT, "damaged");
    }

    @Test
    void anAddressThatLeadsNowhereSaysSo() {
        browser.open("#/nothing/here");

        assertThat(browser.text()).contains("There is nothing here");
    }

    @Test
    void aTopicShowsWhoWritesAndWhoReadsIt() {
        browser.open("#/topics/orders");

        assertThat(browser.count("svg.offsets[role=img]")).isEqualTo(3);
        assertThat(browser.text()).contains("retention.ms", "this topic", "7 d", "billing", "Producer id");
        browser.find(By.xpath("//button[contains(., 'All configs')]")).click();
        browser.awaitText("segment.bytes");
    }

    @Test
    void anEmptyTopicSaysHowToWriteToIt() {
        browser.open("#/topics/empty");

        assertThat(browser.text()).contains("kcat -P -b localhost:" + broker.port() + " -t empty");
    }

    @Test
    void aPartitionDrawsItsSegmentsToScale() {
        browser.open("#/topics/clicks/partitions/0");
        var shares = browser.run(
                "return [...document.querySelectorAll('svg.strip rect.ground')]"
                        + ".map(rect => rect.getBoundingClientRect().width / rect.ownerSVGElement.getBoundingClientRect().width)");

        var sizes = new ArrayList<Double>();
        rest.get("/api/v1/topics/clicks/partitions/0/segments")
                .path("items")
                .forEach(segment -> sizes.add(segment.path("sizeBytes").doubleValue()));
        double whole = sizes.stream().mapToDouble(Double::doubleValue).sum();
        assertThat(sizes).hasSizeGreaterThan(2);
        assertThat((List<?>) shares).hasSameSizeAs(sizes);
        for (int i = 0; i < sizes.size(); i++) {
            assertThat(((Number) ((List<?>) shares).get(i)).doubleValue())
                    .isCloseTo(sizes.get(i) / whole, within(0.02));
        }
        assertThat(browser.text()).contains("Last stable offset", "visitor-");
    }

    @Test
    void aSegmentTellsKindsOfBatchesApartByLettersToo() {
        browser.open("#/topics/payments/partitions/0/segments/0");
        assertThat(browser.text()).contains("commit marker", "abort marker", "transactional, aborted");

        browser.open("#/topics/orders/partitions/0/segments/0");

        assertThat(browser.text()).contains("not compressed", "gzip", "snappy", "lz4", "zstd");
        assertThat(browser.run(
                        "return [...document.querySelectorAll('svg.strip text')].map(t => t.textContent).join('')"))
                .isEqualTo("GSLZ");
    }

    @Test
    void aDamagedBatchIsToldApart() {
        browser.open("#/topics/damaged/partitions/0/segments/0");

        assertThat(browser.find("tr.wrong").getText()).contains("1", "✕");
        assertThat(browser.run(
                        "return [...document.querySelectorAll('svg.strip text')].map(t => t.textContent).join('')"))
                .isEqualTo("✕");
        browser.open("#/topics/damaged/partitions/0/records");
        assertThat(browser.text()).contains("batch 0", "✕", "batch 2");
    }

    @Test
    void aLongSegmentIsShownInPages() {
        browser.open("#/topics/clicks/partitions/0/segments/0");
        assertThat(browser.count("main tbody tr")).isLessThanOrEqualTo(210);

        browser.find(By.linkText("After →")).click();

        browser.await("the next page", () -> browser.hash().contains("from="));
        browser.awaitLoaded();
        var first = browser.hash().replaceAll(".*from=", "");
        browser.await(
                "its first batch",
                () -> first.equals(browser.find("input[name=from]").getDomProperty("value")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void pointingAtAFieldLightsItsBytesAndTheOtherWayRound(int batch) {
        browser.open("#/topics/orders/partitions/0/batches/" + batch);
        var crc = browser.find(By.xpath("//li[@data-f][span='crc']"));

        browser.point(crc);

        var stored = rest.get("/api/v1/topics/orders/partitions/0/batches/" + batch)
                .path("crc")
                .longValue();
        browser.await("lit bytes", () -> browser.lit(".hx").replace(" ", "").equals("%08x".formatted(stored)));
        assertThat(browser.find("[data-caption]").getText()).contains("crc", "bytes 17–20", "valid");

        browser.point(browser.find(By.xpath("//span[@class='hx']/span[@data-about[starts-with(., 'magic')]]")));

        browser.await("a lit field", () -> browser.lit(".fields").startsWith("magic"));
    }

    @Test
    void theFocusLightsBothSidesAsWell() {
        browser.open("#/topics/orders/partitions/0/batches/0");
        browser.run("document.querySelector('.fields [data-f]').focus()");
        assertThat(browser.lit(".hx")).isEqualTo("00 00 00 00 00 00 00 00");

        browser.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN);
        assertThat(browser.lit(".fields")).startsWith("magic");
        assertThat(browser.lit(".hx")).isEqualTo("02");

        browser.run("document.querySelector('.hx [data-f]').focus()");
        browser.press(Keys.ARROW_RIGHT);

        assertThat(browser.lit(".fields")).startsWith("batchLength");
    }

    @Test
    void allBytesOfABatchAreShownOnce() {
        for (var batch : new String[] {
            "orders/partitions/0/batches/0", "orders/partitions/0/batches/10", "payments/partitions/0/batches/1"
        }) {
            browser.open("#/topics/" + batch);

            var shown = browser.run("return [...document.querySelectorAll('.bytes section:first-child .hx')]"
                    + ".map(line => line.textContent.replaceAll(' ', '')).join('')");

            assertThat(shown)
                    .as(batch)
                    .isEqualTo(HexFormat.of().formatHex(rest.bytes("/api/v1/topics/%s?format=raw".formatted(batch))));
        }
    }

    @Test
    void aRecordKeepsItsDigitsAndHasALinkOfItsOwn() {
        browser.open("#/topics/orders/partitions/0/records/6");
        assertThat(browser.text()).contains("9007199254740994", "4.50", "codec", "gzip");

        browser.find(By.xpath("//section[@aria-label='Value']//a[.='hex']")).click();

        browser.awaitText("7b 22 69 64");
        assertThat(browser.hash()).contains("valueFormat=hex");
        assertThat(browser.find(By.xpath("//section[@aria-label='Value']//a[.='Download']"))
                        .getDomAttribute("href"))
                .isEqualTo("/api/v1/topics/orders/partitions/0/records/6/value");
    }

    @Test
    void recordsAreFoundByTheirTime() {
        browser.open("#/topics/orders/partitions/0/records");
        browser.run(
                "const at = document.querySelector('input[name=at]');"
                        + "const local = new Date(arguments[0] - new Date().getTimezoneOffset() * 60000);"
                        + "at.value = local.toISOString().slice(0, 19)",
                System.currentTimeMillis() + 86_400_000);
        browser.find(By.xpath("//button[.='Find']")).click();
        browser.awaitText("All records are older.");

        browser.run("document.querySelector('input[name=at]').value = '2020-01-01T00:00:00'");
        browser.find(By.xpath("//button[.='Find']")).click();

        browser.await("the first record", () -> browser.hash().endsWith("from=0"));
        browser.awaitLoaded();
        assertThat(browser.text()).contains("order-0");
    }

    @Test
    void aScriptInARecordIsText() {
        for (var view : new String[] {"records/0", "records", "batches/0", ""}) {
            browser.open("#/topics/hostile/partitions/0/" + view);

            assertThat(browser.text()).as(view).contains(PageSample.SCRIPT);
            assertThat(browser.count("main script")).isZero();
        }
    }

    @Test
    void randomBytesNoValueAndAnEmptyOneAreShown() {
        browser.open("#/topics/hostile/partitions/0/records/1");
        assertThat(browser.text()).contains("300 B, binary", "0  e5 9b f7 ba 98");
        browser.open("#/topics/hostile/partitions/0/records/2");
        assertThat(browser.text()).contains("null");
        browser.open("#/topics/hostile/partitions/0/records/3");
        assertThat(browser.text()).contains("zero bytes");

        browser.open("#/topics/prices/partitions/0/records");
        assertThat(browser.text()).contains("fruit-3", "null");
    }

    @Test
    void aLargeValueIsCutOffAndSaysSo() {
        browser.open("#/topics/hostile/partitions/0/records/4");
        assertThat(browser.text()).contains("The beginning; all of it has 10.0 MiB");

        browser.open("#/topics/hostile/partitions/0/batches/4");

        assertThat(browser.text()).contains("10,485,504 bytes more");
    }

    @Test
    void aNameAtItsLimitsIsShown() {
        browser.open("#/topics/" + PageSample.LONG_NAME);
        assertThat(browser.find("h1").getText()).isEqualTo(PageSample.LONG_NAME);

        browser.open("#/topics/" + PageSample.LONG_NAME + "/partitions/0/records/0");

        assertThat(browser.text()).contains("value");
    }

    @Test
    void aRefusalIsShownAsTheBrokerSaysIt() {
        browser.open("#/topics/none");
        assertThat(browser.text()).contains("404", "UNKNOWN_TOPIC_OR_PARTITION");

        browser.open("#/topics/orders/partitions/0/records/99");

        assertThat(browser.text()).contains("416", "OFFSET_OUT_OF_RANGE");
        browser.forgetRefusals();
    }

    @Test
    void theKeyboardAloneLeadsFromTheOverviewToARecord() {
        browser.open("#/");
        follow("Topics", "Topics");
        follow("orders", "orders");
        follow("0", "Partition 0");
        follow("0", "Segment 0");
        follow("20–24", "Batch 20–24");
        follow("offset 20", "Record 20");

        assertThat(browser.text()).contains("zstd");
    }

    /// Goes to a link with the Tab key, and follows it.
    private static void follow(String link, String title) {
        browser.pressUntil(Keys.TAB, link);
        browser.press(Keys.ENTER);
        browser.await(title, () -> browser.find("h1").getText().equals(title));
        browser.awaitLoaded();
    }

    @ParameterizedTest
    @ValueSource(ints = {360, 768, 2560})
    void noViewIsWiderThanItsWindow(int width) {
        browser.resize(width, 900);
        for (var hash : VIEWS) {
            browser.open(hash);

            var beyond = browser.run("return document.documentElement.scrollWidth > innerWidth");

            assertThat(beyond).as("%s at %d pixels", hash, width).isEqualTo(false);
        }
    }
}
