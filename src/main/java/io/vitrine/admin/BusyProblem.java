package io.vitrine.admin;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/// Others are at it already: a problem that says when to come again.
final class BusyProblem {
    private BusyProblem() {}

    static ApiProblem readers(int seconds) {
        return problem("Too many readers", "Others are reading records and batches; try later.", seconds);
    }

    static ApiProblem writers() {
        return problem("Too many writers", "Others are writing records; try later.", 10);
    }

    static ApiProblem streams(int limit) {
        return problem("Too many streams", "%d streams are open already; try later.".formatted(limit), 10);
    }

    static ApiProblem waiters(int limit) {
        return problem("Too many waiters", "%d requests wait already; try later.".formatted(limit), 1);
    }

    private static ApiProblem problem(String title, String detail, int seconds) {
        var problem = new ApiProblem(HttpStatus.SERVICE_UNAVAILABLE, title, detail);
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
        return problem;
    }
}
