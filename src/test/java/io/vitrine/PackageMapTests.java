package io.vitrine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The map of packages, as data: what each may use of ours, and who may touch which library.
class PackageMapTests {
    private static final String BASE = "io.vitrine";

    /// The root package, which wires everything, is not listed: it may use all.
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("config", Set.of()),
            Map.entry("record", Set.of()),
            Map.entry("log", Set.of("record")),
            Map.entry("definition", Set.of()),
            Map.entry("metadata", Set.of("definition", "record")),
            Map.entry("partition", Set.of("definition", "log", "record", "metadata")),
            Map.entry("coordinator", Set.of("partition", "metadata", "log", "record")),
            Map.entry("group", Set.of("coordinator", "definition", "partition", "metadata", "log", "record")),
            Map.entry("share", Set.of("group", "partition", "metadata", "log", "record")),
            Map.entry("transaction", Set.of("coordinator", "partition", "metadata", "record")),
            Map.entry("timeline", Set.of("coordinator", "group", "metadata")),
            Map.entry("protocol", Set.of()),
            Map.entry("fault", Set.of("protocol")),
            Map.entry(
                    "handler",
                    Set.of(
                            "definition",
                            "protocol",
                            "transaction",
                            "share",
                            "group",
                            "partition",
                            "metadata",
                            "log",
                            "record")),
            Map.entry("tap", Set.of("definition", "protocol")),
            Map.entry("server", Set.of("fault", "tap", "protocol", "handler")),
            Map.entry(
                    "inspect",
                    Set.of(
                            "share",
                            "timeline",
                            "transaction",
                            "group",
                            "coordinator",
                            "partition",
                            "metadata",
                            "log",
                            "record",
                            "protocol")),
            Map.entry(
                    "control",
                    Set.of(
                            "fault",
                            "share",
                            "timeline",
                            "transaction",
                            "group",
                            "coordinator",
                            "partition",
                            "metadata",
                            "log",
                            "record",
                            "protocol")),
            Map.entry("anatomy", Set.of("inspect", "record")),
            Map.entry("lint", Set.of("definition", "group", "partition", "metadata", "log", "protocol")),
            Map.entry(
                    "admin",
                    Set.of(
                            "fault",
                            "anatomy",
                            "tap",
                            "lint",
                            "control",
                            "definition",
                            "inspect",
                            "share",
                            "timeline",
                            "transaction",
                            "group",
                            "partition",
                            "metadata",
                            "log",
                            "record",
                            "protocol")),
            Map.entry(
                    "observe",
                    Set.of(
                            "fault",
                            "share",
                            "timeline",
                            "transaction",
                            "group",
                            "coordinator",
                            "partition",
                            "metadata",
                            "log",
                            "record",
                            "tap",
                            "server",
                            "protocol",
                            "inspect")));

    /// Packages of a library, and those of ours that may use them; the root package may use all.
    private static final Map<String, Set<String>> LIBRARIES = Map.ofEntries(
            Map.entry("org.springframework..", Set.of("config", "admin", "observe")),
            Map.entry("io.netty..", Set.of("server")),
            Map.entry("io.micrometer..", Set.of("observe")),
            Map.entry(
                    "org.apache.kafka.common.message..",
                    Set.of(
                            "fault",
                            "protocol",
                            "handler",
                            "server",
                            "tap",
                            "metadata",
                            "group",
                            "timeline",
                            "anatomy")),
            Map.entry("org.apache.kafka.common.requests..", Set.of("server", "coordinator", "group")),
            Map.entry("org.apache.kafka.common.compress..", Set.of("record", "metadata", "transaction")),
            Map.entry("org.apache.kafka.metadata..", Set.of("metadata")),
            // What it writes down is told further; what it does is known in one place.
            Map.entry("org.apache.kafka.coordinator..", Set.of("coordinator", "group", "transaction", "timeline")),
            Map.entry("org.apache.kafka.coordinator.common..", Set.of("coordinator", "group", "transaction")),
            Map.entry("org.apache.kafka.coordinator.share..", Set.of("group")),
            Map.entry("org.apache.kafka.coordinator.transaction..", Set.of("transaction")),
            Map.entry("org.apache.kafka.coordinator.group", Set.of("group")),
            Map.entry("org.apache.kafka.coordinator.group.modern..", Set.of("group")),
            Map.entry("org.apache.kafka.coordinator.group.streams..", Set.of("group")),
            Map.entry("org.apache.kafka.storage..", Set.of("coordinator", "definition")),
            Map.entry("com.yammer..", Set.of("group")),
            Map.entry("org.apache.kafka.image..", Set.of("metadata", "coordinator", "group", "transaction")),
            Map.entry("org.apache.kafka.raft..", Set.of("metadata")),
            Map.entry("org.apache.kafka.controller..", Set.of("metadata")),
            Map.entry(
                    "org.apache.kafka.server..",
                    Set.of("metadata", "coordinator", "group", "transaction", "definition")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(BASE);

    static Set<String> packages() {
        return new TreeSet<>(MAY_USE.keySet());
    }

    static Set<String> libraries() {
        return new TreeSet<>(LIBRARIES.keySet());
    }

    @Test
    void everyPackageIsOnTheMap() {
        var found = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals(BASE))
                .map(name -> name.substring(BASE.length() + 1))
                .collect(Collectors.toSet());

        assertThat(MAY_USE.keySet()).containsAll(found);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void usesOnlyWhatTheMapAllows(String name) {
        var forbidden = MAY_USE.keySet().stream()
                .filter(other -> !other.equals(name) && !allowed(name).contains(other))
                .map(other -> BASE + "." + other)
                .toList();

        noClasses()
                .that()
                .resideInAPackage(BASE + "." + name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(with(forbidden, BASE))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void aLibraryIsTouchedOnlyWhereItBelongs(String library) {
        var users = LIBRARIES.getOrDefault(library, Set.of()).stream()
                .map(name -> BASE + "." + name)
                .toList();

        noClasses()
                .that()
                .resideOutsideOfPackages(with(users, BASE))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }

    @Test
    void thereAreNoCycles() {
        slices().matching(BASE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    private static Set<String> allowed(String name) {
        return MAY_USE.getOrDefault(name, Set.of());
    }

    private static String[] with(List<String> names, String more) {
        return Stream.concat(names.stream(), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void noPackageIsABox() {
        assertThat(MAY_USE.keySet())
                .doesNotContainAnyElementsOf(Arrays.asList("util", "common", "impl", "internal", "model", "dto"));
    }
}
