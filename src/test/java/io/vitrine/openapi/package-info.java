/// Writes the OpenAPI document from the controllers, their comments and `docs/rest.md`.
@NullMarked
package io.vitrine.openapi;

import org.jspecify.annotations.NullMarked;
