package io.vitrine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsFileTests {
    @TempDir
    Path directory;

    @Test
    void aFileOfApacheKafkasIsUnderstood() throws Exception {
        var settings = read("""
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@localhost:9093
                listeners=PLAINTEXT://:9092,CONTROLLER://:9093
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL
                log.dirs=/tmp/kraft-combined-logs""");

        assertThat(settings.nodeId()).isEqualTo(1);
        assertThat(settings.network().listeners()).containsExactly(new ListenerAddress("PLAINTEXT", "", 9092));
        assertThat(settings.log().dirs()).containsExactly(Path.of("/tmp/kraft-combined-logs"));
        assertThat(settings.notes()).isEmpty();
    }

    @Test
    void withoutAFileItIsABrokerOfItsOwn() throws Exception {
        var settings = SettingsFile.defaults();

        assertThat(settings.log().dirs()).isEqualTo(List.of(Path.of("data")));
        assertThat(settings.network().listeners()).containsExactly(new ListenerAddress("PLAINTEXT", "", 9092));
        assertThat(settings.http()).isEqualTo(new BrokerSettings.Http("127.0.0.1", 8080, false));
        assertThat(settings.log().fsyncForAcksAll()).isTrue();
    }

    @Test
    void namesThatAreUnknownOrNotHonouredAreReported() throws Exception {
        var settings = read("num.network.threads=3\nlog.preallocate=true\nmy.own.name=x\n");

        assertThat(settings.notes())
                .containsExactly(
                        "Settings of Kafka's that are not honoured: log.preallocate, num.network.threads",
                        "Unknown settings: my.own.name");
    }

    @Test
    void aMisspelledNameOfGroupsOrTransactionsIsUnknownToo() throws Exception {
        var settings = read("transaction.state.log.num.partition=3\ngroup.max.sizes=7\ngroup.max.size=7\n");

        assertThat(settings.notes())
                .containsExactly("Unknown settings: group.max.sizes, transaction.state.log.num.partition");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node.id=x | node.id=x: expected an integer",
                "node.id=-1 | expected an integer from 0",
                "listeners=9092 | listeners=9092: expected NAME://host:port",
                "listeners=PLAINTEXT://:70000 | expected a port up to 65535",
                "listeners=SSL://:9092 | only PLAINTEXT is served",
                "listeners=CONTROLLER://:9092 | expected one for clients",
                "advertised.listeners=PLAINTEXT://:9092 | clients need a host name",
                "auto.create.topics.enable=yes | expected true or false",
                "compression.type=none | expected one of uncompressed, zstd, lz4, snappy, gzip, producer",
                "compression.gzip.level=0 | expected -1, or an integer from 1 to 9",
                "compression.lz4.level=18 | expected an integer from 1 to 17",
                "compression.zstd.level=23 | expected an integer from -131072 to 22",
                "log.message.timestamp.type=Now | expected CreateTime or LogAppendTime",
                "process.roles=controller | expected broker among them",
                "controller.quorum.voters=1@a:1,2@b:1,3@c:1 | a quorum of several nodes can't be joined",
                "log.dirs=, | expected at least one directory",
                "listener.security.protocol.map=PLAINTEXT | expected name:value",
            })
    void aValueThatCanNotBeUsedIsNamed(String line, String complaint) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> read(line))
                .withMessageContaining(complaint);
    }

    @Test
    void anIpv6AddressStandsInBrackets() throws Exception {
        var settings =
                read("listeners=PLAINTEXT://[::1]:9092\nadvertised.listeners=PLAINTEXT://broker.example.com:19092");

        assertThat(settings.network().listeners()).containsExactly(new ListenerAddress("PLAINTEXT", "::1", 9092));
        assertThat(settings.network().advertised())
                .containsExactly(new ListenerAddress("PLAINTEXT", "broker.example.com", 19_092));
    }

    private BrokerSettings read(String text) throws IOException, SettingsException {
        return SettingsFile.read(Files.writeString(directory.resolve("server.properties"), text));
    }
}
