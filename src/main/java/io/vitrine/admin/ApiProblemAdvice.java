package io.vitrine.admin;

import java.util.List;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/// Turns every failure into one problem document. What went wrong inside is logged, not told.
@RestControllerAdvice
class ApiProblemAdvice extends ResponseEntityExceptionHandler {
    private static final Logger log = LoggerFactory.getLogger(ApiProblemAdvice.class);

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> unexpected(RuntimeException thrown, WebRequest request) {
        log.error("{} failed", request.getDescription(false), thrown);
        var body = ApiProblem.document(
                KafkaError.UNKNOWN_SERVER_ERROR, "Internal error", "The broker's log says what happened.");
        return handleExceptionInternal(
                thrown, body, new HttpHeaders(), KafkaError.UNKNOWN_SERVER_ERROR.status(), request);
    }

    /// A query that is not even well-formed, such as `?limit=%zz`.
    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> malformedQuery(InvalidParameterException thrown, WebRequest request) {
        var violation = new ApiProblem.Violation("", "the query is not well-formed");
        var problem = ApiProblem.badParameters(List.of(violation));
        return handleErrorResponseException(problem, new HttpHeaders(), problem.getStatusCode(), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException thrown, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var parameter = thrown instanceof MethodArgumentTypeMismatchException mismatch ? mismatch.getName() : "";
        var violation = new ApiProblem.Violation(parameter, "'%s' is not a number".formatted(thrown.getValue()));
        return handleErrorResponseException(ApiProblem.badParameters(List.of(violation)), headers, status, request);
    }

    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var written = new HttpHeaders(headers);
        // Whatever the caller accepts: an error in another form than this one would be none that programs can read.
        if (body instanceof ProblemDetail) {
            written.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        }
        return new ResponseEntity<>(body, written, status);
    }
}
