/// The envelope of a Kafka request: header, body, caller, how it is answered or refused, and the one table of
/// APIs that dispatch and the ApiVersions answer both read.
@NullMarked
package io.vitrine.protocol;

import org.jspecify.annotations.NullMarked;
