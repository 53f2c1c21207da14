package io.vitrine.metadata;

import java.util.Map;
import java.util.Optional;

/// Says what is wrong with configs.
@FunctionalInterface
public interface ConfigFault {
    Optional<String> find(Map<String, String> configs);
}
