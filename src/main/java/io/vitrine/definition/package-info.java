/// Which configs there are: names, types, defaults, limits and documentation of those of topics and brokers, what is in
/// force of several that are set, and where it comes from. The one place that knows Kafka's definitions of them
/// (`LogConfig`, `AbstractKafkaConfig`), which take a second to load and are therefore loaded when they are first asked
/// for.
@NullMarked
package io.vitrine.definition;

import org.jspecify.annotations.NullMarked;
