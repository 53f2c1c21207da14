/// The REST surface under `/api/v1`: thin controllers with their JSON shapes beside them.
@NullMarked
package io.vitrine.admin;

import org.jspecify.annotations.NullMarked;
