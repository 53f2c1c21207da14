package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vitrine.config.BrokerSettings;
import io.vitrine.config.SettingsFile;
import io.vitrine.definition.BrokerConfigLayers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class DynamicSettingsTests {
    @TempDir
    Path directory;

    private DynamicSettings dynamic;

    @BeforeEach
    void parse() throws Exception {
        var properties = new Properties();
        properties.setProperty("log.dirs", directory.toString());
        properties.setProperty("max.connections", "100");
        dynamic = new DynamicSettings(SettingsFile.parse(properties));
    }

    @Test
    void whoeverObeysIsToldWhatHoldsAtFirstAndWhenItChanges() {
        var early = new ArrayList<Integer>();
        var late = new ArrayList<Integer>();
        dynamic.tell(settings -> early.add(maxConnections(settings)));
        dynamic.apply(set("max.connections", "7"));
        dynamic.tell(settings -> late.add(maxConnections(settings)));

        dynamic.apply(set("max.connections", "7"));
        dynamic.apply(BrokerConfigLayers.NONE);

        assertThat(early).containsExactly(100, 7, 100);
        assertThat(late).containsExactly(7, 100);
    }

    @Test
    void aValueThatCanNotBeUsedIsWarnedOfOnceHoweverManyObey() {
        var told = new ArrayList<Integer>();
        dynamic.tell(settings -> told.add(maxConnections(settings)));
        dynamic.tell(_ -> {});
        var logger = (Logger) LoggerFactory.getLogger(DynamicSettings.class);
        var warnings = new ListAppender<ILoggingEvent>();
        warnings.start();
        logger.addAppender(warnings);
        try {
            dynamic.apply(set("max.connections", "many"));
        } finally {
            logger.detachAppender(warnings);
        }

        assertThat(warnings.list)
                .singleElement()
                .satisfies(warning -> assertThat(warning.getFormattedMessage()).contains("max.connections", "many"));
        assertThat(told).containsExactly(100, 100);
    }

    private static BrokerConfigLayers set(String name, String value) {
        return BrokerConfigLayers.NONE.withDynamic(Map.of(name, value), Map.of());
    }

    private static int maxConnections(BrokerSettings settings) {
        return settings.network().maxConnections();
    }
}
