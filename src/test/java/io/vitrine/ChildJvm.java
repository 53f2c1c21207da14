package io.vitrine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A Java program in a process of its own, most often with this test's class path.
final class ChildJvm {
    private static final String SEPARATOR = System.getProperty("path.separator");
    private static final String OWN_CLASS_PATH = System.getProperty("java.class.path");

    private ChildJvm() {}

    /// Starts `mainClass`; what it prints goes to `output`.
    ///
    /// @param classPathFirst comes before this test's own class path; may be empty
    static Process start(Path output, String classPathFirst, String mainClass, String... arguments) throws IOException {
        return run(output, classPathFirst + SEPARATOR + OWN_CLASS_PATH, mainClass, arguments);
    }

    /// The same with more class path behind this test's own.
    static Process startBefore(Path output, String classPathLast, String mainClass, String... arguments)
            throws IOException {
        return run(output, OWN_CLASS_PATH + SEPARATOR + classPathLast, mainClass, arguments);
    }

    /// The same with a class path of its own only.
    static Process startAlone(Path output, String classPath, String mainClass, String... arguments) throws IOException {
        return run(output, classPath, mainClass, arguments);
    }

    private static Process run(Path output, String classPath, String mainClass, String... arguments)
            throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath,
                mainClass));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /// Waits for the end and returns the exit status.
    static int await(Process process) throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("The process did not end within a minute");
        }
        return process.exitValue();
    }
}
