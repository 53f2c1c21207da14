package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.json.JsonMapper;

/// Chromium without a window, at the page of a broker. It keeps watch: nothing may be said on the console, and nobody
/// but the broker may be asked for anything.
final class Browser implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration SOON = Duration.ofSeconds(60);

    private final ChromeDriver driver;
    private final String base;

    /// @param base where the web side is
    Browser(String base) {
        this.base = base;
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(program("chromedriver").orElseThrow().toFile())
                .usingAnyFreePort()
                .build();
        driver = new ChromeDriver(service, options());
        driver.manage().timeouts().scriptTimeout(SOON).pageLoadTimeout(SOON);
    }

    /// Why there is no browser, if there is none.
    static Optional<String> missing() {
        return Stream.of("chromium", "chromedriver")
                .filter(name -> program(name).isEmpty())
                .findFirst()
                .map(name -> name + " is not on the PATH");
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static ChromeOptions options() {
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        var options = new ChromeOptions();
        options.setBinary(program("chromium").orElseThrow().toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--window-size=1280,900");
        options.setCapability("goog:loggingPrefs", logs);
        return options;
    }

    /// Goes to a view and waits until it shows what it has loaded.
    void open(String hash) {
        if (!String.valueOf(driver.getCurrentUrl()).startsWith(base + "/#")) {
            driver.get(base + "/" + hash);
        } else {
            // Elsewhere first, so that the same address is a new one.
            run("location.hash = '#/elsewhere'");
            await("elsewhere", () -> isShown("#/elsewhere"));
            run("location.hash = arguments[0]", hash);
        }
        await(hash, () -> isShown(hash));
    }

    /// Goes to a view anew, as if by a bookmark.
    void reopen(String hash) {
        driver.get("about:blank");
        open(hash);
    }

    /// Waits until the view at the present address shows what it has loaded.
    void awaitLoaded() {
        await("a view", () -> isShown(String.valueOf(run("return location.hash"))));
    }

    private boolean isShown(String hash) {
        return Boolean.TRUE.equals(run(
                "const main = document.getElementById('main');"
                        + "return main !== null && main.dataset.address === arguments[0] && main.ariaBusy === 'false'",
                hash));
    }

    /// Gives the window a size, as a telephone or a wall has it.
    void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /// Waits for an element that is shown.
    WebElement find(By by) {
        await(by.toString(), () -> driver.findElements(by).stream().anyMatch(WebElement::isDisplayed));
        return driver.findElements(by).stream()
                .filter(WebElement::isDisplayed)
                .findFirst()
                .orElseThrow();
    }

    WebElement find(String css) {
        return find(By.cssSelector(css));
    }

    int count(String css) {
        return driver.findElements(By.cssSelector(css)).size();
    }

    /// What can be read in `main`.
    String text() {
        return driver.findElement(By.tagName("main")).getText();
    }

    void awaitText(String wanted) {
        await(wanted, () -> text().contains(wanted));
    }

    void press(Keys... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /// Presses a key until the element that has the focus has this text.
    void pressUntil(Keys key, String text) {
        for (int i = 0; i < 60; i++) {
            if (driver.switchTo().activeElement().getText().equals(text)) {
                return;
            }
            press(key);
        }
        throw new AssertionError("Nothing with the text '%s' comes to have the focus".formatted(text));
    }

    void point(WebElement element) {
        new Actions(driver).moveToElement(element).perform();
    }

    /// What a script returns; an empty text if that is nothing.
    Object run(String script, Object... arguments) {
        return Objects.requireNonNullElse(driver.executeScript(script, arguments), "");
    }

    String hash() {
        return String.valueOf(URI.create(String.valueOf(driver.getCurrentUrl())).getFragment());
    }

    /// Waits until something is so; what is being drawn anew meanwhile is looked at again.
    void await(String what, Supplier<Boolean> condition) {
        Awaitility.await(what)
                .atMost(SOON)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .ignoreException(StaleElementReferenceException.class)
                .until(condition::get);
    }

    /// What is lit within an element of this kind, with its lines as one.
    String lit(String css) {
        return String.valueOf(run(
                "return [...document.querySelectorAll(arguments[0] + ' .lit')].map(lit => lit.textContent.trim()).join(' ')",
                css));
    }

    /// Forgets what a refused request has the browser say on the console.
    void forgetRefusals() {
        assertThat(driver.manage().logs().get(LogType.BROWSER).getAll())
                .extracting(LogEntry::getMessage)
                .allMatch(message -> message.contains("the server responded with a status of 4"));
    }

    /// Nothing was reported, and nobody else was asked, since the last time.
    void requireQuiet() {
        assertThat(driver.manage().logs().get(LogType.BROWSER).getAll())
                .as("on the console")
                .extracting(LogEntry::toString)
                .isEmpty();
        assertThat(driver.manage().logs().get(LogType.PERFORMANCE).getAll())
                .as("asked for")
                .map(Browser::requested)
                .allSatisfy(url -> assertThat(url).matches("|data:.*|blob:.*|about:.*|" + base + "/.*"));
    }

    /// The address of a request that is noted in the log; empty if it notes something else.
    private static String requested(LogEntry entry) {
        var message = JSON.readTree(entry.getMessage()).path("message");
        return message.path("method").stringValue("").equals("Network.requestWillBeSent")
                ? message.path("params").path("request").path("url").stringValue("")
                : "";
    }

    @Override
    public void close() {
        driver.quit();
    }
}
