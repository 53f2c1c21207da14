package io.vitrine.admin;

import io.vitrine.lint.LintFinding;
import io.vitrine.lint.LintRule;
import io.vitrine.lint.ProductionLint;
import io.vitrine.lint.ProductionLint.Outcome;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What here would behave differently on a cluster, or in production.
@RestController
@RequestMapping(ApiPath.BASE + "/lint")
class LintController {
    private final ProductionLint lint;

    LintController(ProductionLint lint) {
        this.lint = lint;
    }

    @GetMapping
    LintView lint(@RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        boolean all = parameters.flag("all", false);
        int limit = parameters.limit();
        parameters.requireSound();
        var outcomes = GroupCall.await(lint.examine());
        var totals = new TreeMap<LintRule.Severity, Integer>();
        outcomes.forEach(outcome -> totals.merge(
                outcome.rule().advice().severity(), outcome.findings().size(), Integer::sum));
        return new LintView(
                outcomes.stream()
                        .filter(outcome -> all || !outcome.findings().isEmpty())
                        .map(outcome -> RuleView.of(outcome, limit))
                        .toList(),
                totals);
    }

    /// @param totals findings by severity
    record LintView(List<RuleView> items, Map<LintRule.Severity, Integer> totals) {}

    /// @param count how many there are; `findings` has the first of them
    record RuleView(
            String id, String severity, String onACluster, String change, int count, List<FindingView> findings) {
        static RuleView of(Outcome outcome, int limit) {
            var rule = outcome.rule().advice();
            return new RuleView(
                    rule.id(),
                    rule.severity().name(),
                    rule.onACluster(),
                    rule.change(),
                    outcome.findings().size(),
                    outcome.findings().stream()
                            .limit(limit)
                            .map(FindingView::of)
                            .toList());
        }
    }

    record FindingView(String subject, Map<String, Object> evidence) {
        static FindingView of(LintFinding finding) {
            return new FindingView(finding.subject(), finding.evidence());
        }
    }
}
