package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
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
import org.openqa.selenium.WebElement;
import tools.jackson.databind.JsonNode;

/// What moves while the page is looked at, in a real browser and with clients that are there: groups, transactions,
/// records as they come, requests, errors.
class LivePageTests {
    private static final String GONE = "#/groups/"
            + URLEncoder.encode(PageGuests.GONE, StandardCharsets.UTF_8).replace("+", "%20");
    private static final List<String> VIEWS = List.of(
            "#/groups",
            "#/groups/" + PageGuests.READING,
            GONE + "/reset",
            "#/transactions",
            "#/transactions/" + PageGuests.TRANSACTION,
            "#/topics/labels/live",
            "#/requests",
            "#/connections",
            "#/errors",
            "#/metadata",
            "#/metadata/image",
            "#/metadata/diff?from=7",
            "#/log-dirs",
            "#/lint");

    @TempDir
    private static Path directory;

    private static RunningBroker broker;
    private static PageGuests guests;
    private static Rest rest;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        var missing = Browser.missing();
        missing.ifPresent(reason -> System.out.println("Skipping LivePageTests: " + reason));
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        broker = RunningBroker.in(directory, TransactionClients.QUICK_TRANSACTIONS);
        rest = new Rest(broker);
        guests = new PageGuests(broker.bootstrapServers());
        guests.arrive();
        browser = new Browser(rest.base());
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (guests != null) {
            guests.close();
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
    void theLagOfAGroupGrowsWhileOneLooks() throws Exception {
        browser.open("#/groups");
        assertThat(browser.text()).contains(PageGuests.READING, PageGuests.GONE, "2 groups");
        browser.open("#/groups/" + PageGuests.READING);
        browser.await("its member has read all", () -> lag() == 0);

        for (int id = 100; id < 107; id++) {
            guests.order(id);
        }

        browser.await("a lag of all that was written", () -> lag() == 7);
        assertThat(browser.text()).contains("billing-1", "orders-0", "JOIN", "MEMBER_JOINED");
    }

    private static int lag() {
        return Integer.parseInt(
                browser.find("[data-lag]").getText().replace(",", "").replace("–", "-1"));
    }

    @Test
    void aGroupThatDoesNotComeOnSaysWhy() throws Exception {
        browser.open(GONE);

        browser.await("a verdict", () -> browser.count("[data-verdict=STUCK]") == 1);
        assertThat(browser.find("h1").getText()).isEqualTo(PageGuests.GONE);
        assertThat(browser.text()).contains("NO_MEMBERS", "It has no members");
    }

    @Test
    void aResetIsShownBeforeItIsDone() {
        var before = committed();
        assertThat(before).as("what it has read").isGreaterThan(0);
        browser.open(GONE);
        browser.find(By.linkText("Move offsets")).click();
        browser.awaitLoaded();

        button("Show what would become of it").click();

        browser.awaitText("nothing has been changed");
        assertThat(browser.count("main tbody tr")).isEqualTo(3);
        assertThat(committed()).isEqualTo(before);
        button("Move ").click();
        assertThat(committed()).isEqualTo(before);

        button("Move them").click();

        browser.awaitText("Moved, and on disk");
        assertThat(committed()).isZero();
    }

    /// Of all partitions.
    private static long committed() {
        var offsets = rest.get(
                "/api/v1/groups/%s/offsets".formatted(URLEncoder.encode(PageGuests.GONE, StandardCharsets.UTF_8)));
        return offsets.path("items")
                .valueStream()
                .mapToLong(item -> item.path("committed").longValue())
                .sum();
    }

    @Test
    void aResetThatIsRefusedSaysWhy() {
        browser.open("#/groups/" + PageGuests.READING + "/reset");

        button("Show what would become of it").click();

        browser.awaitText("NON_EMPTY_GROUP");
        assertThat(browser.count("main table")).isZero();
        browser.forgetRefusals();
    }

    @Test
    void aTransactionSaysWhomItHoldsUpAndCanBeAborted() throws Exception {
        browser.open("#/transactions");
        assertThat(browser.text()).contains(PageGuests.TRANSACTION, "Ongoing");
        browser.find(By.linkText(PageGuests.TRANSACTION)).click();
        browser.await("whom it holds up", () -> browser.count("[data-holds]") == 1);
        assertThat(browser.text()).contains("payments-0", "behind it", "CompleteCommit");

        button("Abort it…").click();
        assertThat(transaction().path("open").booleanValue()).isTrue();
        button("Abort it").click();

        browser.awaitText("CompleteAbort");
        assertThat(transaction().path("open").booleanValue()).isFalse();
    }

    private static JsonNode transaction() {
        return rest.get("/api/v1/transactions/" + PageGuests.TRANSACTION);
    }

    @Test
    void recordsComeWhileOneLooksAndArePaused() throws Exception {
        browser.open("#/topics/labels");
        browser.find(By.linkText("Live tail")).click();
        browser.awaitLoaded();
        browser.awaitText("following");

        guests.write("labels", "first", "<script>alert(1)</script>");

        browser.awaitText("<script>alert(1)</script>");
        assertThat(browser.find("[data-seen]").getText()).isEqualTo("1");
        assertThat(browser.find("[data-dropped]").getText()).isEqualTo("0");

        browser.find(".hold").click();
        browser.awaitText("held");
        guests.write("labels", "second", "while it was held");
        assertThat(rest.get("/api/v1/topics/labels/records").path("items")).hasSize(2);
        assertThat(browser.text()).doesNotContain("while it was held");

        browser.find(".hold").click();

        browser.awaitText("while it was held");
        assertThat(browser.find("[data-seen]").getText()).isEqualTo("2");
    }

    @Test
    void recordsThatComeAreFilteredByTheBroker() throws Exception {
        browser.open("#/topics/payments/live");
        browser.find("input[name=contains]").sendKeys("kiwi", Keys.ENTER);
        browser.await("an address that says so", () -> browser.hash().endsWith("?contains=kiwi"));
        browser.awaitText("following");

        guests.write("payments", "other", "an apple");
        guests.write("payments", "wanted", "a kiwi");

        browser.awaitText("a kiwi");
        assertThat(browser.text()).doesNotContain("an apple");
        assertThat(browser.count("main tbody tr")).isEqualTo(1);
    }

    @Test
    void rowsAreBoundedWhateverComes() throws Exception {
        browser.open("#/topics/crowd/live");
        browser.awaitText("following");

        guests.crowd("crowd", 3_000);

        browser.await("all of them", () -> browser.find("[data-seen]").getText().equals("3,000"));
        assertThat(browser.count("main tbody tr")).isEqualTo(200);
        assertThat(browser.text()).contains("number 2999").doesNotContain("number 2799");
    }

    @Test
    void aTopicThatIsNotThereHasNoLiveTail() {
        browser.open("#/topics/none/live");

        browser.awaitText("UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(browser.find(".hold").isEnabled()).isFalse();
        browser.forgetRefusals();
    }

    @Test
    void requestsPassWithWhereTheirTimeWent() throws Exception {
        browser.open("#/requests?client=shop&topic=tapped&bodies=true");
        browser.awaitText("following");

        guests.write("tapped", "key", "value");

        browser.await("a request", () -> browser.count("svg.times[role=img] rect.waiting") > 0);
        assertThat(browser.text()).contains("Produce", "shop").doesNotContain("Heartbeat");
        browser.find("button.link").click();
        browser.awaitText("topicData");
        assertThat(browser.text()).contains("recordsSizeInBytes", "baseOffset").doesNotContain("It has no bodies");
    }

    @Test
    void aConnectionIsClosedAndWhyIsToldAmongTheErrors() {
        browser.open("#/connections");
        browser.find("input[type=search]").sendKeys("producer-" + PageGuests.IDLE);
        browser.await("its connections", () -> browser.count("main a[data-row]") > 0);
        browser.find("main a[data-row]").click();
        browser.awaitLoaded();
        assertThat(browser.text()).contains("producer-" + PageGuests.IDLE, "Java");

        button("Close it…").click();
        button("Close it").click();

        browser.awaitText("Closed. Errors explained");
        browser.find(By.linkText("Errors explained")).click();
        browser.awaitText("CLOSED_BY_REQUEST");
        browser.forgetRefusals();
    }

    @Test
    void anErrorIsExplained() {
        browser.open("#/errors?topic=labels");
        assertThat(browser.count(".errors > li")).isEqualTo(2);
        assertThat(browser.text()).contains(PageGuests.HOSTILE, "MESSAGE_TOO_LARGE");
        assertThat(browser.count("main img")).isZero();

        browser.find(".errors summary").click();

        browser.awaitText("What to do.");
        assertThat(browser.text()).contains("at most 200 bytes", "max.message.bytes", "TOO_LARGE");
        browser.find(By.xpath("//main//p[@class='ways']/a[.='partition']")).click();
        browser.await("its partition", () -> browser.hash().equals("/topics/labels/partitions/0"));
        browser.awaitLoaded();
    }

    @Test
    void theMetadataLogTellsWhatWasDifferentBeforeATopicWasMade() {
        browser.open("#/metadata");
        assertThat(browser.text()).contains("TopicRecord", "orders", "FeatureLevelRecord", "metadata.version");

        browser.open("#/metadata/image?at=7");
        assertThat(browser.text()).contains("Metadata before offset 7", "There were none", "group.version");

        browser.find(By.linkText("What is different now")).click();

        browser.awaitText("came");
        browser.awaitLoaded();
        assertThat(browser.text()).contains("TOPIC", "orders", "labels", "max.message.bytes");
    }

    @Test
    void disksAndWhatAClusterWouldDoDifferentlyAreShown() {
        browser.open("#/log-dirs");
        assertThat(browser.text()).contains(directory.toString(), "orders-0", "done");

        browser.open("#/lint");

        assertThat(browser.text()).contains("ONE_REPLICA", "To change it.");
    }

    /// The button whose text begins so, or is just this if it is a whole one.
    private static WebElement button(String text) {
        var exact = By.xpath("//main//button[normalize-space(.)='%s']".formatted(text));
        return text.endsWith(" ")
                ? browser.find(
                        By.xpath("//main//button[starts-with(normalize-space(.), '%s')]".formatted(text.strip())))
                : browser.find(exact);
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
