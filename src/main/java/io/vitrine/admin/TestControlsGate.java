package io.vitrine.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/// Says of test controls, where they are off, how to switch them on.
final class TestControlsGate extends OncePerRequestFilter {
    private final boolean open;
    private final FilterProblems problems;

    TestControlsGate(boolean open, FilterProblems problems) {
        this.open = open;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (open) {
            chain.doFilter(request, response);
            return;
        }
        problems.answer(
                request,
                response,
                new ApiProblem(
                        HttpStatus.NOT_FOUND,
                        "Test controls are off",
                        "A broker that is started with vitrine.test-controls=true in its server.properties has them."));
    }
}
