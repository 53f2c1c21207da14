/// The broker's settings: Kafka's names from `server.properties`, typed; names that are unknown or not honoured
/// are reported once.
@NullMarked
package io.vitrine.config;

import org.jspecify.annotations.NullMarked;
