package io.vitrine.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets a few requests at a time read records and batches; the others wait a little. A value may be 16 MiB and its
/// text several times that, in the heap that the Kafka side needs too. Streams never end and have a limit of their
/// own.
final class FewReaders extends OncePerRequestFilter {
    private static final int READERS = 8;
    private static final int PATIENCE_SECONDS = 10;
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final Pattern READS_LOG =
            Pattern.compile(ApiPath.BASE + "/topics/.*/(records|batches)(/(?!stream$).*)?");

    private final Semaphore readers = new Semaphore(READERS, true);
    private final FilterProblems problems;

    FewReaders(FilterProblems problems) {
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !READING.contains(request.getMethod())
                // As the controllers see it: nobody gets past by escaping a letter.
                || !READS_LOG.matcher(request.getServletPath()).matches();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!acquire()) {
            problems.answer(request, response, BusyProblem.readers(PATIENCE_SECONDS));
            return;
        }
        try {
            chain.doFilter(request, response);
        } finally {
            readers.release();
        }
    }

    private boolean acquire() throws IOException {
        try {
            return readers.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for other readers", e);
        }
    }
}
