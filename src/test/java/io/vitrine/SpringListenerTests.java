package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/// A Spring application's `@KafkaListener` and `KafkaTemplate`.
class SpringListenerTests {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void aListenerHearsEverythingOnceAndGoesOnAfterARestart() {
        try (var broker = RunningBroker.in(directory, Map.of("group.initial.rebalance.delay.ms", "0"))) {
            broker.createTopic("orders", 3);
            try (var application = application(broker)) {
                send(application, 0, 100);
                await().until(() -> heard(application).size() >= 100);

                assertThat(heard(application)).hasSize(100).contains("order-0", "order-99");
            }
            try (var application = application(broker)) {
                send(application, 100, 200);
                await().until(() -> heard(application).size() >= 100);

                assertThat(heard(application)).hasSize(100).contains("order-100", "order-199");
            }
        }
    }

    @Test
    void twoApplicationsShareAndGoOnWhenTheBrokerHasRestarted() {
        var settings = new HashMap<>(Map.of("group.initial.rebalance.delay.ms", "0"));
        try (var broker = RunningBroker.in(directory, settings)) {
            // Where the applications know it to be.
            settings.put("listeners", "PLAINTEXT://" + broker.bootstrapServers());
            broker.createTopic("orders", 12);
            try (var one = application(broker);
                    var two = application(broker)) {
                await().atMost(LONG).untilAsserted(() -> {
                    send(one, 0, 60);
                    assertThat(heard(one)).isNotEmpty();
                    assertThat(heard(two)).isNotEmpty();
                });
                broker.broker().close();
                try (var again = RunningBroker.in(directory, settings)) {
                    send(two, 1000, 1100);

                    await().atMost(LONG)
                            .untilAsserted(() -> assertThat(Stream.of(one, two)
                                            .flatMap(application -> heard(application).stream())
                                            .filter(order -> order.length() == "order-1000".length()))
                                    .doesNotHaveDuplicates()
                                    .hasSize(100));
                    assertThat(again.broker().groups().loads()).isNotEmpty();
                }
            }
        }
    }

    private static void send(AnnotationConfigApplicationContext application, int first, int end) {
        var template = application.getBean(StringTemplate.class);
        for (int i = first; i < end; i++) {
            template.send("orders", "key-" + i, "order-" + i).join();
        }
    }

    private static List<String> heard(AnnotationConfigApplicationContext application) {
        return application.getBean(Orders.class).heard;
    }

    private static AnnotationConfigApplicationContext application(RunningBroker broker) {
        var context = new AnnotationConfigApplicationContext();
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("servers", broker.bootstrapServers())));
        context.register(Application.class, Orders.class);
        context.refresh();
        return context;
    }

    static final class StringTemplate extends KafkaTemplate<String, String> {
        StringTemplate(Map<String, Object> config) {
            super(new DefaultKafkaProducerFactory<>(config, new StringSerializer(), new StringSerializer()));
        }
    }

    static final class Orders {
        final List<String> heard = new CopyOnWriteArrayList<>();

        @KafkaListener(topics = "orders", groupId = "shipping", concurrency = "3")
        void hear(String order) {
            heard.add(order);
        }
    }

    @Configuration
    @EnableKafka
    static class Application {
        @Bean
        StringTemplate template(@Value("${servers}") String servers) {
            return new StringTemplate(Map.of("bootstrap.servers", servers));
        }

        @Bean
        ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory(
                @Value("${servers}") String servers) {
            var config = new HashMap<String, Object>();
            config.put("bootstrap.servers", servers);
            config.put("auto.offset.reset", "earliest");
            var factory = new ConcurrentKafkaListenerContainerFactory<String, String>();
            factory.setConsumerFactory(
                    new DefaultKafkaConsumerFactory<>(config, new StringDeserializer(), new StringDeserializer()));
            return factory;
        }
    }
}
