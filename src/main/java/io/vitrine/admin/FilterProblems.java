package io.vitrine.admin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.servlet.HandlerExceptionResolver;

/// Answers requests that do not get through a filter with the very document that a controller's problem becomes.
final class FilterProblems {
    private final ObjectProvider<HandlerExceptionResolver> resolver;

    /// @param resolver Spring's own, with [ApiProblemAdvice] in it; filters are made before it is
    FilterProblems(ObjectProvider<HandlerExceptionResolver> resolver) {
        this.resolver = resolver;
    }

    void answer(HttpServletRequest request, HttpServletResponse response, ApiProblem problem) throws IOException {
        if (resolver.getObject().resolveException(request, response, null, problem) == null) {
            response.sendError(problem.getStatusCode().value());
        }
    }
}
