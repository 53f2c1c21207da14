package io.vitrine.lint;

import java.util.List;
import java.util.function.Function;

/// One thing to look for.
///
/// @param check finds the places where it is so
public record LintRule(Advice advice, Function<LintFacts, List<LintFinding>> check) {

    /// How much it matters.
    public enum Severity {
        /// Records may be lost, or read by others.
        RISK,
        /// Something will work differently, or not at all.
        WARNING,
        /// Worth to know.
        NOTE
    }

    /// What there is to say of it.
    ///
    /// @param id for people and programs to name it by
    /// @param onACluster what would be different on a cluster, or in production
    /// @param change how it is changed
    public record Advice(String id, Severity severity, String onACluster, String change) {
        static Advice risk(String id, String onACluster, String change) {
            return new Advice(id, Severity.RISK, onACluster, change);
        }

        static Advice warning(String id, String onACluster, String change) {
            return new Advice(id, Severity.WARNING, onACluster, change);
        }

        static Advice note(String id, String onACluster, String change) {
            return new Advice(id, Severity.NOTE, onACluster, change);
        }

        LintRule where(Function<LintFacts, List<LintFinding>> check) {
            return new LintRule(this, check);
        }
    }
}
