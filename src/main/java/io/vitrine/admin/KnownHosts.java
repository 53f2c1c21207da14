package io.vitrine.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/// Answers only requests whose `Host` is an address, `localhost`, or the name we were told to listen on. A page from
/// elsewhere can have its own name point at 127.0.0.1 and so read what listens there; it can't change the `Host` its
/// browser sends.
final class KnownHosts extends OncePerRequestFilter {
    private static final Pattern ADDRESS =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[?[0-9a-fA-F:.]*:[0-9a-fA-F:.]*]?");

    private final String configured;
    private final FilterProblems problems;

    /// @param configured `vitrine.http.host`
    KnownHosts(String configured, FilterProblems problems) {
        this.configured = configured;
        this.problems = problems;
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
        problems.answer(
                request,
                response,
                new ApiProblem(
                        HttpStatus.FORBIDDEN,
                        "Unknown host",
                        "The Host header must be an address, localhost, or vitrine.http.host."));
    }
}
