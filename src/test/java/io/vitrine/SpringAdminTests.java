package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;

/// A Spring application's topic beans: made when it starts, grown and changed when it starts with other ones.
class SpringAdminTests {
    @TempDir
    Path directory;

    @Test
    void topicBeansAreMadeGrownAndChanged() {
        try (var broker = RunningBroker.in(directory)) {
            start(broker, 2, "60000");

            var made = broker.broker().metadata().image().findTopic("orders").orElseThrow();
            assertThat(made.partitions()).hasSize(2);
            assertThat(made.configs()).containsEntry("retention.ms", "60000");
            assertThat(broker.broker()
                            .metadata()
                            .image()
                            .findTopic("compacted")
                            .orElseThrow()
                            .configs())
                    .containsEntry("cleanup.policy", "compact");

            start(broker, 5, "90000");

            var changed = broker.broker().metadata().image().findTopic("orders").orElseThrow();
            assertThat(changed.id()).isEqualTo(made.id());
            assertThat(changed.partitions()).hasSize(5);
            assertThat(changed.configs()).containsEntry("retention.ms", "90000");
        }
    }

    private static void start(RunningBroker broker, int partitions, String retentionMs) {
        try (var context = new AnnotationConfigApplicationContext()) {
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "test",
                            Map.of(
                                    "servers", broker.bootstrapServers(),
                                    "partitions", partitions,
                                    "retention", retentionMs)));
            context.register(Application.class);
            context.refresh();
        }
    }

    @Configuration
    static class Application {
        @Bean
        KafkaAdmin admin(@Value("${servers}") String servers) {
            var admin = new KafkaAdmin(Map.of("bootstrap.servers", servers));
            admin.setFatalIfBrokerNotAvailable(true);
            admin.setModifyTopicConfigs(true);
            return admin;
        }

        @Bean
        NewTopics topics(@Value("${partitions}") int partitions, @Value("${retention}") String retentionMs) {
            return new NewTopics(
                    TopicBuilder.name("orders")
                            .partitions(partitions)
                            .config("retention.ms", retentionMs)
                            .build(),
                    TopicBuilder.name("compacted").compact().build());
        }
    }
}
