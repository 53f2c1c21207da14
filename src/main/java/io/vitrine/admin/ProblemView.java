package io.vitrine.admin;

import io.vitrine.inspect.Problem;
import org.jspecify.annotations.Nullable;

/// Where bytes stop making sense.
///
/// @param position byte at which it was noticed: of the batch, or of the unpacked records of a compressed one
record ProblemView(long position, String reason) {
    static ProblemView of(Problem problem) {
        return new ProblemView(problem.position(), problem.reason());
    }

    static @Nullable ProblemView ofNullable(@Nullable Problem problem) {
        return problem == null ? null : of(problem);
    }
}
