/// Topics, configurations and features as one immutable image, and the only reader and writer of
/// `__cluster_metadata-0` and `meta.properties`. The one package that knows Kafka's metadata modules.
@NullMarked
package io.vitrine.metadata;

import org.jspecify.annotations.NullMarked;
