package io.vitrine;

import static io.vitrine.GroupClients.QUICK_GROUPS;
import static io.vitrine.GroupClients.poll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.vitrine.config.SettingsException;
import io.vitrine.protocol.RefusalEntry;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the settings of groups do, what the coordinator counts, and what is said when it refuses.
class GroupSettingsTests {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"classic,group-completed-rebalance-count", "consumer,consumer-group-rebalance-count"})
    void theCoordinatorCountsRebalancesAndCommits(String protocol, String rebalances) {
        try (var broker = RunningBroker.in(directory, QUICK_GROUPS)) {
            broker.createTopic("orders", 2);
            var clients = new GroupClients(broker);
            clients.produce("orders", 2, 1);
            var measures = broker.broker().groups().measures();
            assertThat(measures.value(rebalances)).isZero();
            try (var member = clients.member("readers", Map.of("group.protocol", protocol))) {
                member.subscribe(List.of("orders"));
                poll(member, 2);
                member.commitSync();
            }

            assertThat(measures.value(rebalances)).isPositive();
            assertThat(measures.value("offset-commit-count")).isEqualTo(2);
            assertThat(measures.value("num-partitions", Map.of("state", "active")))
                    .isEqualTo(4);
        }
    }

    @Test
    void aRefusalOfAGroupIsExplained() throws Exception {
        try (var broker = RunningBroker.in(directory, QUICK_GROUPS);
                var client = new WireClient(broker.port())) {
            var answer = (FindCoordinatorResponseData) client.call(
                    ApiKeys.FIND_COORDINATOR,
                    4,
                    new FindCoordinatorRequestData().setKeyType((byte) 2).setCoordinatorKeys(List.of("shares")));

            assertThat(answer.coordinators().getFirst().errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
            assertThat(broker.broker().refusals().latest(1))
                    .extracting(RefusalEntry::subject, RefusalEntry::reason)
                    .containsExactly(tuple("shares", "KEY_TYPE"));
        }
    }

    @Test
    void theNewerProtocolCanBeSwitchedOff() {
        var settings = new HashMap<>(QUICK_GROUPS);
        settings.put("group.coordinator.rebalance.protocols", "classic");
        try (var broker = RunningBroker.in(directory, settings)) {
            broker.createTopic("orders", 1);
            try (var member = new GroupClients(broker).member("readers", Map.of("group.protocol", "consumer"))) {
                member.subscribe(List.of("orders"));

                assertThatExceptionOfType(UnsupportedVersionException.class).isThrownBy(() -> poll(member, 1));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "group.initial.rebalance.delay.ms,soon",
        "offsets.topic.num.partitions,0",
        "group.consumer.session.timeout.ms,1",
        "group.coordinator.rebalance.protocols,consumer",
        "group.coordinator.rebalance.protocols,other",
    })
    void aValueThatCanNotBeUsedEndsTheStartAndIsNamed(String name, String value) {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> RunningBroker.in(directory, new TreeMap<>(Map.of(name, value))))
                .havingCause()
                .isInstanceOf(SettingsException.class)
                .withMessageContaining(name);
    }
}
