package io.vitrine.metadata;

import io.vitrine.metadata.ConfigOutcome.Refused;
import java.util.Map;
import java.util.Optional;

/// What one kind of thing that has configs allows.
public interface ConfigRules {
    /// What speaks against these being set; empty if nothing does.
    ///
    /// @param name of the thing
    /// @param configs all that would be set
    /// @param former all that is set now
    Optional<Refused> check(String name, Map<String, String> configs, Map<String, String> former);

    /// Why no words can be added to a config, or taken away; empty if it is a list.
    Optional<String> whyNoList(String config, ConfigEdit.Kind kind);

    /// What a list is that nobody has set.
    String defaultOf(String config);
}
