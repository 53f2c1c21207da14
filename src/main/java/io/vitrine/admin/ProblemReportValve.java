package io.vitrine.admin;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/// Writes what Tomcat itself refuses (a path with a null in it, a host that is none, a header that is too large) as the
/// same kind of document that everything else is refused with, where it would write a page of HTML. Tomcat makes it by
/// its name.
public final class ProblemReportValve extends ErrorReportValve {
    private static final Logger log = LoggerFactory.getLogger(ProblemReportValve.class);
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
        int status = response.getStatus();
        if (status < HttpServletResponse.SC_BAD_REQUEST
                || response.getContentWritten() > 0
                || !response.setErrorReported()
                || !isWritable(response)) {
            return;
        }
        try {
            HttpRules.STRICT_HEADERS.forEach(response::setHeader);
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setCharacterEncoding("UTF-8");
            response.getReporter().write(document(status));
            response.finishResponse();
        } catch (IOException e) {
            log.debug("Nobody waits for the answer to {}", request.getRequestURI(), e);
        }
    }

    private static boolean isWritable(Response response) {
        var allowed = new AtomicBoolean();
        response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, allowed);
        return allowed.get();
    }

    /// Nothing of the request is in it: it may not be fit to be repeated.
    private static String document(int status) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("status", status);
        fields.put("title", ContainerProblem.title(status));
        fields.put("detail", ContainerProblem.detail(status));
        return JSON.writeValueAsString(fields);
    }
}
