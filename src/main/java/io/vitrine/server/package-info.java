/// The Kafka listener on Netty: framing, order of answers, back-pressure, limits, connections.
@NullMarked
package io.vitrine.server;

import org.jspecify.annotations.NullMarked;
