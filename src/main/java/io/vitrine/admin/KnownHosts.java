package io.vitrine.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.springframework.web.filter.OncePerRequestFilter;

/// Answers only requests whose `Host` is an address, `localhost`, or the name we were told to listen on. A page from
/// elsewhere can have its own name point at 127.0.0.1 and so read what listens there; it can't change the `Host` its
/// browser sends.
final class KnownHosts extends OncePerRequestFilter {
    private static final Pattern ADDRESS =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[?[0-9a-fA-F:.]*:[0-9a-fA-F:.]*]?");

    private final String configured;

    /// @param configured `vitrine.http.host`
    KnownHosts(String configured) {
        this.configured = configured;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var host = request.getServerName();
        if (host.equalsIgnoreCase("localhost")
                || host.equalsIgnoreCase(configured)
                || ADDRESS.matcher(host).matches()) {
            chain.doFilter(request, response);
            return;
        }
        response.setStatus(HttpServletResponse.SC_FORBIDDEN);
        response.setContentType("application/problem+json");
        response.getWriter().write("""
                {"status":403,"title":"Unknown host","detail":"The Host header must be an address, localhost, or \
                vitrine.http.host."}
                """);
    }
}
