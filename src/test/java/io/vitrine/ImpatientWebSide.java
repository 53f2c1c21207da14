package io.vitrine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/// A broker whose web side begins before the broker has opened, as when opening takes long, and whose main thread ends
/// meanwhile: `ImpatientWebSide <directory>`.
final class ImpatientWebSide {
    private ImpatientWebSide() {}

    public static void main(String... arguments) throws InterruptedException {
        var web = new WebStart(RunningBroker.in(Path.of(arguments[0])).broker());
        web.startUnlessToldWithin(Duration.ofMillis(1));
        while (Thread.getAllStackTraces().keySet().stream().noneMatch(ImpatientWebSide::isInSpring)) {
            Thread.onSpinWait();
        }
        web.start();
    }

    private static boolean isInSpring(Thread thread) {
        return thread.getName().equals("web-start")
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(WebSide.class.getName()));
    }
}
