/// A record batch as a view over its bytes: the header fields, the checks a broker owes its clients, the
/// walk over the records inside. Nothing here knows where the bytes came from.
@NullMarked
package io.vitrine.record;

import org.jspecify.annotations.NullMarked;
