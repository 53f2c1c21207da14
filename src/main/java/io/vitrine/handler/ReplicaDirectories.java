package io.vitrine.handler;

import io.vitrine.log.LogDirectory;

/// How log directories are named to clients.
final class ReplicaDirectories {
    private ReplicaDirectories() {}

    /// Its path, as Kafka has it: absolute, and compared letter by letter.
    static String pathOf(LogDirectory directory) {
        return directory.path().toAbsolutePath().normalize().toString();
    }
}
