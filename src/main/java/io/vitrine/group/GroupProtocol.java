package io.vitrine.group;

/// A group protocol that is newer than the classic one, and can be switched off.
enum GroupProtocol {
    CONSUMER("consumer", "group.version"),
    STREAMS("streams", "streams.version");

    private final String setting;
    private final String feature;

    GroupProtocol(String setting, String feature) {
        this.setting = setting;
        this.feature = feature;
    }

    /// Its name in `group.coordinator.rebalance.protocols`.
    String setting() {
        return setting;
    }

    /// What the cluster must have agreed on.
    String feature() {
        return feature;
    }
}
