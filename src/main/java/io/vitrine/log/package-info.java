/// One partition's log on disk, in Apache Kafka's format: segments, appending, reading, recovery after a crash.
/// Callers never see a path or a channel.
@NullMarked
package io.vitrine.log;

import org.jspecify.annotations.NullMarked;
