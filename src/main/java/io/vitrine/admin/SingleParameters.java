package io.vitrine.admin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import org.springframework.web.servlet.HandlerInterceptor;

/// Refuses a parameter that is given several times, for all calls: nobody can know which of them was meant, and no
/// call takes more than one.
final class SingleParameters implements HandlerInterceptor {
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        var violations = new ArrayList<ApiProblem.Violation>();
        request.getParameterMap().forEach((name, values) -> {
            if (values.length > 1) {
                violations.add(new ApiProblem.Violation(
                        QueryParameters.echo(name), "is given %d times".formatted(values.length)));
            }
        });
        if (!violations.isEmpty()) {
            throw ApiProblem.badParameters(violations);
        }
        return true;
    }
}
