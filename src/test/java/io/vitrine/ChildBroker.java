package io.vitrine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/// A [BareBroker] in a process of its own that can be killed and comes back at the same port.
final class ChildBroker implements AutoCloseable {
    private final Path directory;
    private final Path output;
    private final Map<String, String> settings;
    private final int port;
    private Process process;

    /// Starts it.
    ///
    /// @param directory where its data is
    /// @param output what it prints
    /// @param settings by Kafka's names
    ChildBroker(Path directory, Path output, Map<String, String> settings) throws IOException {
        this.directory = directory;
        this.output = output;
        this.settings = settings;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        process = run();
    }

    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /// Gives it no time to do anything more.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Starts it again after it was killed.
    void start() throws IOException {
        process = run();
    }

    private Process run() throws IOException {
        var arguments = Stream.concat(
                        // A topic with configs of its own may have no segments as small as that broker's.
                        Stream.of(directory.toString(), String.valueOf(port), "log.segment.bytes=1048576"),
                        settings.entrySet().stream().map(setting -> setting.getKey() + "=" + setting.getValue()))
                .toArray(String[]::new);
        return ChildJvm.start(output, "", BareBroker.class.getName(), arguments);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
