package io.vitrine.inspect;

import java.util.List;

/// Why the consumers of a group don't get on, as far as the broker can see.
///
/// @param state Kafka's name of the group's state; empty where it could not be asked
/// @param findings the worst first
public record GroupDiagnosis(String groupId, String state, long asOfMs, List<Finding> findings) {}
