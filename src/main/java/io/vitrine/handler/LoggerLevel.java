package io.vitrine.handler;

/// How much a logger says, by Kafka's names.
public enum LoggerLevel {
    DEBUG,
    ERROR,
    /// Nothing here is ever fatal, so that this one silences.
    FATAL,
    INFO,
    TRACE,
    WARN
}
