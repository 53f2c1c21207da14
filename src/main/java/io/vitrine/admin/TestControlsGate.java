package io.vitrine.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/// Says of test controls, where they are off, how to switch them on.
final class TestControlsGate extends OncePerRequestFilter {
    private final boolean open;

    TestControlsGate(boolean open) {
        this.open = open;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (open) {
            chain.doFilter(request, response);
            return;
        }
        response.setStatus(HttpServletResponse.SC_NOT_FOUND);
        response.setContentType("application/problem+json");
        response.getWriter().write("""
                {"status":404,"title":"Test controls are off","detail":"A broker that is started with \
                vitrine.test-controls=true in its server.properties has them."}
                """);
    }
}
