package io.vitrine.lint;

import static io.vitrine.lint.LintRule.Advice.warning;

import java.util.List;
import java.util.Map;

/// Rules about what clients meet here.
final class ClientLint {
    static final List<LintRule> RULES = List.of(
            warning(
                            "FAULTS_ACTIVE",
                            "Requests fail on purpose here, as somebody has set over REST; elsewhere they would not.",
                            "DELETE /api/v1/faults.")
                    .where(facts -> facts.clients().faults() > 0
                            ? List.of(LintFinding.ofBroker(
                                    "faults", facts.clients().faults()))
                            : List.of()),
            warning(
                            "CLIENTS_NEVER_CAME_BACK",
                            "Clients are told an address that they can't reach, it seems: they connect, ask for metadata, and"
                                    + " then hang until they time out.",
                            "Set advertised.listeners to an address that these clients can reach; see"
                                    + " /api/v1/listener-doctor.")
                    .where(facts -> facts.clients().stranded().stream()
                            .map(client -> new LintFinding("client " + client.client(), Map.of())
                                    .with("cameTo", client.cameTo())
                                    .with("advertised", client.advertised())
                                    .with("sinceMs", client.sinceMs()))
                            .toList()));

    private ClientLint() {}
}
