package io.vitrine.admin;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/// What the container refuses, not us, in words of ours. What it refuses once the request has come to the application
/// is dispatched here; what it refuses before, [ProblemReportValve] answers.
@Controller
class ContainerProblem implements ErrorController {
    @RequestMapping("/error")
    ResponseEntity<ProblemDetail> error(HttpServletRequest request) {
        var status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                ? code
                : HttpStatus.NOT_FOUND.value();
        var document = ProblemDetail.forStatus(status);
        document.setTitle(title(status));
        document.setDetail(detail(status));
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(document);
    }

    static String title(int status) {
        @Nullable HttpStatus known = HttpStatus.resolve(status);
        return known == null ? "Refused" : known.getReasonPhrase();
    }

    static String detail(int status) {
        return switch (status) {
            case 400 -> "The request line, a header or the framing of the body is not what HTTP allows here.";
            case 404 -> "There is nothing here.";
            case 405 -> "That is no method that is answered here.";
            case 408 -> "The rest of the request has not come in time.";
            case 417, 501, 505 -> "HTTP has it; this server does not.";
            default -> status < 500 ? "The request can't be understood." : "The broker's log says what happened.";
        };
    }
}
