import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// See fetch.sh.
public final class FetchBench {
    private static final int ROUNDS = Integer.getInteger("rounds");
    private static final long BYTES_WRITTEN = Long.getLong("mb") * 1024 * 1024;
    private static final long BYTES_READ = Long.getLong("readMb") * 1024 * 1024;
    private static final String ONLY = System.getProperty("only");
    private static final int PARTITIONS = 100;
    private static final int RECORDS_PER_BATCH = 16;
    private static final int MIB = 1024 * 1024;
    private static final double TICKS_PER_SECOND = 100;
    private static final Pattern ALLOCATED = Pattern.compile("allocated=([0-9.]+)([BKMG]?)");

    /// A piece of work: what is read, at most so many bytes of each partition at a time.
    private record Work(String label, int partitions, int partitionBytes, double share) {}

    private record Result(double cpuPerGb, double mbPerSecond, double microsPerFetch, double allocatedPerFetch) {}

    private static final List<Work> WORKS = List.of(
            new Work("1 partition, 1 MiB at a time", 1, MIB, 1),
            new Work("100 partitions, 1 MiB of each at a time", PARTITIONS, MIB, 1),
            new Work("1 partition, 64 KiB at a time", 1, 64 * 1024, 0.5),
            new Work("1 partition, 16 KiB at a time", 1, 17 * 1024, 0.25));

    private record Target(String name, String host, int port, long pid) {
        static Target parse(String text) {
            var fields = text.split("[=:,]");
            return new Target(fields[0], fields[1], Integer.parseInt(fields[2]), Long.parseLong(fields[3]));
        }

        double cpuSeconds() throws IOException {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        }

        double allocatedBytes() throws IOException {
            var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            var process = new ProcessBuilder(jcmd, String.valueOf(pid), "Thread.print", "-e").start();
            var text = new String(process.getInputStream().readAllBytes());
            double sum = 0;
            for (var matcher = ALLOCATED.matcher(text); matcher.find(); ) {
                sum += Double.parseDouble(matcher.group(1)) * Math.pow(1024, " KMG".indexOf(
                        matcher.group(2).isEmpty() || matcher.group(2).equals("B") ? " " : matcher.group(2)));
            }
            return sum;
        }
    }

    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final OutputStream out;
        private final DataInputStream in;
        private byte[] frame = new byte[64 * 1024];

        Client(Target target) throws IOException {
            socket = new Socket(target.host(), target.port());
            socket.setTcpNoDelay(true);
            out = socket.getOutputStream();
            in = new DataInputStream(socket.getInputStream());
        }

        <T extends ApiMessage> T call(ApiKeys api, short version, ApiMessage request, T response) throws IOException {
            var header = MessageUtil.toByteBufferAccessor(
                            new RequestHeaderData()
                                    .setRequestApiKey(api.id)
                                    .setRequestApiVersion(version)
                                    .setClientId("bench"),
                            api.requestHeaderVersion(version))
                    .buffer();
            var body = MessageUtil.toByteBufferAccessor(request, version).buffer();
            int size = header.remaining() + body.remaining();
            out.write(ByteBuffer.allocate(4 + size).putInt(size).put(header).put(body).array());
            int length = in.readInt();
            if (frame.length < length) {
                frame = new byte[length];
            }
            in.readFully(frame, 0, length);
            var reader = new ByteBufferAccessor(ByteBuffer.wrap(frame, 0, length));
            new ResponseHeaderData(reader, api.responseHeaderVersion(version));
            response.read(reader, version);
            return response;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    public static void main(String[] args) throws Exception {
        var targets = Arrays.stream(args).map(Target::parse).toList();
        var results = new LinkedHashMap<String, List<Result>>();
        for (var target : targets) {
            fill(target, topic(1), 1);
            fill(target, topic(PARTITIONS), PARTITIONS);
        }
        for (int round = 0; round <= ROUNDS; round++) {
            System.err.printf("round %d of %d%n", round, ROUNDS);
            for (var work : WORKS) {
                if (!work.label().startsWith(ONLY)) {
                    continue;
                }
                for (var target : targets) {
                    var result = read(target, work);
                    if (round > 0) {
                        results.computeIfAbsent(work.label() + " | " + target.name(), _ -> new ArrayList<>())
                                .add(result);
                    }
                }
            }
        }
        System.out.println("| work | broker | CPU s per GB | MB/s | CPU µs per fetch | bytes allocated per fetch |");
        System.out.println("|---|---|---|---|---|---|");
        for (Map.Entry<String, List<Result>> entry : results.entrySet()) {
            System.out.printf(
                    "| %s | %.3f | %.0f | %.0f | %.0f |%n",
                    entry.getKey(),
                    median(entry.getValue().stream().mapToDouble(Result::cpuPerGb).toArray()),
                    median(entry.getValue().stream().mapToDouble(Result::mbPerSecond).toArray()),
                    median(entry.getValue().stream().mapToDouble(Result::microsPerFetch).toArray()),
                    median(entry.getValue().stream().mapToDouble(Result::allocatedPerFetch).toArray()));
        }
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static String topic(int partitions) {
        return "fetch-bench-" + partitions + "-" + ProcessHandle.current().pid();
    }

    private static void fill(Target target, String topic, int partitions) throws Exception {
        var values = new SimpleRecord[RECORDS_PER_BATCH];
        var random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            var value = new byte[1024];
            random.nextBytes(value);
            values[i] = new SimpleRecord(System.currentTimeMillis(), value);
        }
        try (var client = new Client(target)) {
            var wanted = new MetadataRequestData().setAllowAutoTopicCreation(true);
            wanted.topics().add(new MetadataRequestData.MetadataRequestTopic().setName(topic));
            for (int found = 0; found < PARTITIONS; Thread.sleep(100)) {
                var metadata = client.call(ApiKeys.METADATA, (short) 9, wanted, new MetadataResponseData());
                found = (int) metadata.topics().iterator().next().partitions().stream()
                        .filter(partition -> partition.leaderId() >= 0)
                        .count();
            }
            long written = 0;
            for (int next = 0; written < BYTES_WRITTEN; next = (next + 1) % partitions) {
                var batch = MemoryRecords.withRecords(Compression.NONE, values);
                written += batch.sizeInBytes();
                var data = new ProduceRequestData.TopicProduceData().setName(topic);
                data.partitionData()
                        .add(new ProduceRequestData.PartitionProduceData().setIndex(next).setRecords(batch));
                var request = new ProduceRequestData().setAcks((short) 1).setTimeoutMs(10_000);
                request.topicData().add(data);
                write(client, request);
            }
        }
    }

    private static void write(Client client, ProduceRequestData request) throws Exception {
        while (true) {
            var response = client.call(ApiKeys.PRODUCE, (short) 9, request, new ProduceResponseData());
            var error = Errors.forCode(response.responses()
                    .iterator()
                    .next()
                    .partitionResponses()
                    .getFirst()
                    .errorCode());
            if (error == Errors.NONE) {
                return;
            }
            if (error != Errors.NOT_LEADER_OR_FOLLOWER) {
                throw error.exception();
            }
            // The topic has just been made.
            Thread.sleep(100);
        }
    }

    private static Result read(Target target, Work work) throws Exception {
        var asked = new ArrayList<FetchPartition>();
        for (int i = 0; i < work.partitions(); i++) {
            asked.add(new FetchPartition().setPartition(i).setPartitionMaxBytes(work.partitionBytes()));
        }
        var request = new FetchRequestData().setMaxWaitMs(100).setMinBytes(1).setMaxBytes(50 * MIB);
        request.topics().add(new FetchTopic().setTopic(topic(work.partitions())).setPartitions(asked));
        long bytes = 0;
        long fetches = 0;
        double allocated = target.allocatedBytes();
        double cpu = target.cpuSeconds();
        long begin = System.nanoTime();
        try (var client = new Client(target)) {
            while (bytes < BYTES_READ * work.share()) {
                var response = client.call(ApiKeys.FETCH, (short) 12, request, new FetchResponseData());
                fetches++;
                long before = bytes;
                for (var data : response.responses().getFirst().partitions()) {
                    var records = (MemoryRecords) data.records();
                    if (data.errorCode() != 0) {
                        throw new IOException("%s answers %d".formatted(target.name(), data.errorCode()));
                    }
                    for (var batch : records.batches()) {
                        asked.get(data.partitionIndex()).setFetchOffset(batch.nextOffset());
                    }
                    bytes += records.validBytes();
                }
                if (bytes == before) {
                    asked.forEach(partition -> partition.setFetchOffset(0));
                }
                // As a consumer does: whoever has got least comes first.
                request.topics().getFirst().setPartitions(rotated(request.topics().getFirst().partitions()));
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        double used = target.cpuSeconds() - cpu;
        return new Result(
                used / bytes * 1e9,
                bytes / seconds / 1e6,
                used / fetches * 1e6,
                (target.allocatedBytes() - allocated) / fetches);
    }

    private static List<FetchPartition> rotated(List<FetchPartition> partitions) {
        var next = new ArrayList<>(partitions);
        java.util.Collections.rotate(next, -7);
        return next;
    }
}
