package io.vitrine.handler;

import io.vitrine.metadata.ConfigEdit;
import io.vitrine.metadata.ConfigEdit.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.protocol.Errors;

/// Changes how much loggers say, by Kafka's rules and in its words.
///
/// @param nodeId of this broker, which is the name of what is changed
public record LoggerChanges(int nodeId, BrokerLoggers loggers) {

    /// Does all of `edits`, or none.
    ///
    /// @param validateOnly tells what would become of them, and changes nothing
    ConfigChangeAnswers apply(String name, List<ConfigEdit> edits, boolean validateOnly) {
        Optional<ConfigChangeAnswers> fault = findContradiction(edits)
                .or(() -> findFaultOfName(name))
                .or(() -> edits.stream()
                        .map(this::findFault)
                        .flatMap(Optional::stream)
                        .findFirst());
        if (fault.isPresent()) {
            return fault.get();
        }
        if (!validateOnly) {
            edits.forEach(this::apply);
        }
        return ConfigChangeAnswers.DONE;
    }

    private static Optional<ConfigChangeAnswers> findContradiction(List<ConfigEdit> edits) {
        if (edits.stream().map(ConfigEdit::name).distinct().count() < edits.size()) {
            return refuse(Errors.INVALID_REQUEST, "Error due to duplicate config keys");
        }
        var without = edits.stream()
                .filter(edit -> edit.kind() != Kind.DELETE && edit.value() == null)
                .map(ConfigEdit::name)
                .collect(Collectors.joining(", "));
        return without.isEmpty()
                ? Optional.empty()
                : refuse(Errors.INVALID_REQUEST, "Null value not supported for : " + without);
    }

    private Optional<ConfigChangeAnswers> findFaultOfName(String name) {
        try {
            return Integer.parseInt(name) == nodeId
                    ? Optional.empty()
                    : refuse(
                            Errors.INVALID_REQUEST,
                            "Unexpected node id. Expected %d, but received %s".formatted(nodeId, name));
        } catch (NumberFormatException e) {
            return refuse(Errors.INVALID_REQUEST, "Node id must be an integer, but it is: " + name);
        }
    }

    private Optional<ConfigChangeAnswers> findFault(ConfigEdit edit) {
        var logger = edit.name();
        return switch (edit.kind()) {
            case SET ->
                findUnknown(logger)
                        .or(() -> Arrays.stream(LoggerLevel.values())
                                        .anyMatch(level -> level.name().equals(edit.value()))
                                ? Optional.empty()
                                : refuse(
                                        Errors.INVALID_CONFIG,
                                        ("Cannot set the log level of %s to %s as it is not a supported log level."
                                                        + " Valid log levels are %s")
                                                .formatted(logger, edit.value(), levels())));
            case DELETE ->
                findUnknown(logger)
                        .or(() -> logger.equals(BrokerLoggers.ROOT)
                                ? refuse(
                                        Errors.INVALID_REQUEST,
                                        "Removing the log level of the root logger is not allowed")
                                : Optional.empty());
            case APPEND, SUBTRACT ->
                refuse(
                        Errors.INVALID_REQUEST,
                        "%s operation is not allowed for the BROKER_LOGGER resource".formatted(edit.kind()));
        };
    }

    private Optional<ConfigChangeAnswers> findUnknown(String logger) {
        return loggers.exists(logger)
                ? Optional.empty()
                : refuse(Errors.INVALID_CONFIG, "Logger %s does not exist!".formatted(logger));
    }

    private void apply(ConfigEdit edit) {
        if (edit.kind() == Kind.DELETE || edit.value() == null) {
            loggers.reset(edit.name());
        } else {
            loggers.set(edit.name(), LoggerLevel.valueOf(edit.value()));
        }
    }

    private static String levels() {
        return Arrays.stream(LoggerLevel.values()).map(LoggerLevel::name).collect(Collectors.joining(", "));
    }

    private static Optional<ConfigChangeAnswers> refuse(Errors error, String reason) {
        return Optional.of(new ConfigChangeAnswers(error, reason));
    }
}
