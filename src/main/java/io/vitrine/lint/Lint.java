package io.vitrine.lint;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// All rules.
public final class Lint {
    private static final List<LintRule> RULES = Stream.of(BrokerLint.RULES, TopicLint.RULES, ClientLint.RULES)
            .flatMap(List::stream)
            .sorted(Comparator.comparing(rule -> rule.advice().severity()))
            .toList();

    private Lint() {}

    /// The worst first.
    public static List<LintRule> rules() {
        return RULES;
    }
}
