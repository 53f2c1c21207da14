package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.HashMap;
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
        rest = new Rest(broker);
        browser = new Browser(rest.base());
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
        browser.open("#/");
        assertThat(browser.run(background)).isEqualTo(after);
        browser.run("localStorage.clear()");
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

        browser.pressUntil(Keys.SHIFT, "empty");
    }

    @Test
    void anAddressThatLeadsNowhereSaysSo() {
        browser.open("#/nothing/here");

        assertThat(browser.text()).contains("There is nothing here");
    }

    @ParameterizedTest
    @ValueSource(ints = {360, 390, 768, 1280, 2560})
    void noWindowIsTooNarrow(int width) {
        browser.resize(width, 900);
        for (var hash : new String[] {"#/", "#/topics"}) {
            browser.open(hash);

            var beyond = browser.run("return document.documentElement.scrollWidth > innerWidth");

            assertThat(beyond).as("%s at %d pixels", hash, width).isEqualTo(false);
        }
    }
}
