package io.vitrine.admin;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What can be called here, as OpenAPI 3.1 for programs. A file: what is described is known when the program is built,
/// and nothing is looked for at a start.
@RestController
class OpenApiController {
    private static final Resource DOCUMENT = new ClassPathResource("openapi.json");

    @GetMapping(path = ApiPath.BASE + "/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Resource> document(HttpServletRequest request) {
        QueryParameters.requireNone(request);
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(DOCUMENT);
    }
}
