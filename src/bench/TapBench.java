import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// See tap.sh.
public final class TapBench {
    private static final int ROUNDS = Integer.getInteger("rounds");
    private static final int REQUESTS = Integer.getInteger("requests");
    private static final int IN_FLIGHT = 16;
    private static final double TICKS_PER_SECOND = 100;
    private static final double MILLION = 1e6;
    private static final String TOPIC = "tap-bench";
    private static final Pattern ALLOCATED = Pattern.compile("allocated=([0-9.]+)([BKMG]?)");

    /// Who looks while it is measured.
    private enum Look {
        NOBODY(""),
        NOTHING_FITS("?client=somebody-else"),
        ALL(""),
        BODIES("?bodies=true");

        private final String query;

        Look(String query) {
            this.query = query;
        }
    }

    private record Result(double cpuPerMillion, double perSecond, double allocated, double seen) {}

    private record Target(String name, String host, int port, long pid, int restPort) {
        static Target parse(String text) {
            var fields = text.split("[=:,]");
            int rest = fields.length > 4 ? Integer.parseInt(fields[4]) : 0;
            return new Target(fields[0], fields[1], Integer.parseInt(fields[2]), Long.parseLong(fields[3]), rest);
        }

        double cpuSeconds() throws IOException {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        }

        double allocatedBytes() throws IOException {
            var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            var process = new ProcessBuilder(jcmd, String.valueOf(pid), "Thread.print", "-e").start();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            double sum = 0;
            for (var matcher = ALLOCATED.matcher(text); matcher.find(); ) {
                sum += Double.parseDouble(matcher.group(1)) * Math.pow(1024, Math.max(0, "BKMG".indexOf(matcher.group(2))));
            }
            return sum;
        }
    }

    /// Reads a stream of requests as fast as it can.
    private static final class Listener implements AutoCloseable {
        private final Socket socket;
        private final AtomicLong events = new AtomicLong();

        Listener(Target target, Look look) throws IOException {
            socket = new Socket(target.host(), target.restPort());
            var request = "GET /api/v1/requests/stream%s HTTP/1.0\r\nHost: localhost\r\n\r\n".formatted(look.query);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            Thread.ofPlatform().daemon().start(this::read);
        }

        private void read() {
            try (var in = socket.getInputStream()) {
                var bytes = new byte[64 * 1024];
                for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                    for (int i = 0; i + 1 < count; i++) {
                        if (bytes[i] == '\n' && bytes[i + 1] == '\n') {
                            events.incrementAndGet();
                        }
                    }
                }
            } catch (IOException e) {
                // Closed.
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    public static void main(String... arguments) throws Exception {
        var targets = Arrays.stream(arguments).map(Target::parse).toList();
        for (var target : targets) {
            send(target, 1, frame(ApiKeys.METADATA, (short) 4, metadata()));
        }
        var works = new LinkedHashMap<String, byte[]>();
        works.put("produce, 1 record of 100 B", frame(ApiKeys.PRODUCE, (short) 9, produce()));
        works.put("fetch, nothing there", frame(ApiKeys.FETCH, (short) 12, fetch()));
        var results = new LinkedHashMap<String, List<Result>>();
        for (int round = 0; round <= ROUNDS; round++) {
            System.err.printf("round %d of %d%n", round, ROUNDS);
            for (var work : works.entrySet()) {
                for (var look : Look.values()) {
                    for (var target : targets) {
                        if (look == Look.NOBODY || target.restPort() > 0) {
                            var result = measure(target, look, work.getValue());
                            var key = "%s | %s | %s".formatted(
                                    work.getKey(), target.name(), look.name().toLowerCase().replace('_', ' '));
                            if (round > 0) {
                                results.computeIfAbsent(key, _ -> new ArrayList<>()).add(result);
                            }
                        }
                    }
                }
            }
        }
        System.out.println("| request | broker | who looks | CPU s per million | requests/s | bytes allocated for each | seen of each |");
        System.out.println("|---|---|---|---|---|---|---|");
        results.forEach((key, list) -> System.out.printf(
                "| %s | %.2f | %.0f | %.0f | %.2f |%n",
                key,
                median(list.stream().mapToDouble(Result::cpuPerMillion).toArray()),
                median(list.stream().mapToDouble(Result::perSecond).toArray()),
                median(list.stream().mapToDouble(Result::allocated).toArray()),
                median(list.stream().mapToDouble(Result::seen).toArray())));
    }

    private static Result measure(Target target, Look look, byte[] frame) throws Exception {
        var listener = look == Look.NOBODY ? Optional.<Listener>empty() : Optional.of(new Listener(target, look));
        try {
            double allocated = target.allocatedBytes();
            double cpu = target.cpuSeconds();
            long begin = System.nanoTime();
            send(target, REQUESTS, frame);
            double seconds = (System.nanoTime() - begin) / 1e9;
            double used = target.cpuSeconds() - cpu;
            return new Result(
                    used / REQUESTS * MILLION,
                    REQUESTS / seconds,
                    (target.allocatedBytes() - allocated) / REQUESTS,
                    (double) listener.map(one -> one.events.get()).orElse(0L) / REQUESTS);
        } finally {
            if (listener.isPresent()) {
                listener.get().close();
            }
        }
    }

    /// Sends the same request again and again, so many at a time.
    private static void send(Target target, int count, byte[] frame) throws IOException {
        try (var socket = new Socket(target.host(), target.port())) {
            socket.setTcpNoDelay(true);
            var out = socket.getOutputStream();
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 * 1024));
            var many = new byte[IN_FLIGHT * frame.length];
            for (int i = 0; i < IN_FLIGHT; i++) {
                System.arraycopy(frame, 0, many, i * frame.length, frame.length);
            }
            for (int sent = 0; sent < count; ) {
                int now = Math.min(IN_FLIGHT, count - sent);
                out.write(many, 0, now * frame.length);
                for (int i = 0; i < now; i++) {
                    in.skipNBytes(in.readInt());
                }
                sent += now;
            }
        }
    }

    private static byte[] frame(ApiKeys api, short version, ApiMessage body) {
        var header = MessageUtil.toByteBufferAccessor(
                        new RequestHeaderData()
                                .setRequestApiKey(api.id)
                                .setRequestApiVersion(version)
                                .setCorrelationId(1)
                                .setClientId("tap-bench"),
                        api.requestHeaderVersion(version))
                .buffer();
        var bytes = MessageUtil.toByteBufferAccessor(body, version).buffer();
        return ByteBuffer.allocate(4 + header.remaining() + bytes.remaining())
                .putInt(header.remaining() + bytes.remaining())
                .put(header)
                .put(bytes)
                .array();
    }

    private static MetadataRequestData metadata() {
        return new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestTopic().setName(TOPIC)))
                .setAllowAutoTopicCreation(true);
    }

    private static ProduceRequestData produce() {
        var request = new ProduceRequestData().setAcks((short) 1).setTimeoutMs(1000);
        request.topicData()
                .add(new TopicProduceData()
                        .setName(TOPIC)
                        .setPartitionData(List.of(new PartitionProduceData()
                                .setIndex(0)
                                .setRecords(MemoryRecords.withRecords(
                                        Compression.NONE, new SimpleRecord(System.currentTimeMillis(), new byte[100]))))));
        return request;
    }

    private static FetchRequestData fetch() {
        var partition = new FetchPartition().setPartition(1).setFetchOffset(0).setPartitionMaxBytes(1000);
        return new FetchRequestData()
                .setSessionEpoch(-1)
                .setTopics(List.of(new FetchTopic().setTopic(TOPIC).setPartitions(List.of(partition))));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
