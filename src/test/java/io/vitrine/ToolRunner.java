package io.vitrine;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// Runs Kafka's command line tools one after the other, for [KafkaTools] in another process: a line with a class and
/// its arguments comes in, a line with the exit status and all that the tool has printed goes out, all in Base64. The
/// version of Kafka that the tools belong to is only there when this runs, so it is looked up by name.
final class ToolRunner {
    private static final int FAILED = 1;
    private static final String EXIT = "org.apache.kafka.common.utils.Exit";

    private final PrintStream answers = System.out;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private Optional<End> end = Optional.empty();

    private ToolRunner() {}

    /// How a tool ended, and how much it had printed by then. What it prints later is about us: some tools catch
    /// everything, and exit once more.
    private record End(int status, int printed) {}

    /// Unwinds a tool that wants the process to end.
    private static final class Unwound extends Error {
        private static final long serialVersionUID = 1;

        Unwound() {
            super("the tool has ended", null, false, false);
        }
    }

    public static void main(String... arguments) throws Exception {
        var runner = new ToolRunner();
        InvocationHandler endOfTool = (_, _, values) -> {
            runner.end((int) values[0]);
            throw new Unwound();
        };
        set("setExitProcedure", endOfTool);
        set("setHaltProcedure", endOfTool);
        runner.serve();
    }

    /// Kafka's tools end the process by way of a class that lets others do it.
    private static void set(String setter, InvocationHandler handler) throws Exception {
        var exit = Class.forName(EXIT);
        var procedure = Class.forName(EXIT + "$Procedure");
        exit.getMethod(setter, procedure)
                .invoke(null, Proxy.newProxyInstance(exit.getClassLoader(), new Class<?>[] {procedure}, handler));
    }

    private void serve() throws IOException {
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            var words = Arrays.stream(line.split(" ")).map(ToolRunner::decode).toArray(String[]::new);
            printed.reset();
            end = Optional.empty();
            var out = new PrintStream(printed, true, StandardCharsets.UTF_8);
            System.setOut(out);
            System.setErr(out);
            run(words[0], Arrays.copyOfRange(words, 1, words.length), out);
            var ended = end.orElseThrow();
            answers.println(ended.status()
                    + " "
                    + Base64.getEncoder().encodeToString(Arrays.copyOf(printed.toByteArray(), ended.printed())));
            answers.flush();
        }
    }

    private void run(String tool, String[] arguments, PrintStream out) {
        try {
            Class.forName(tool).getMethod("main", String[].class).invoke(null, (Object) arguments);
            end(0);
        } catch (InvocationTargetException e) {
            e.getTargetException().printStackTrace(out);
            end(FAILED);
        } catch (ReflectiveOperationException | LinkageError e) {
            e.printStackTrace(out);
            end(FAILED);
        }
    }

    private void end(int status) {
        if (end.isEmpty()) {
            end = Optional.of(new End(status, printed.size()));
        }
    }

    private static String decode(String word) {
        return new String(Base64.getDecoder().decode(word), StandardCharsets.UTF_8);
    }
}
