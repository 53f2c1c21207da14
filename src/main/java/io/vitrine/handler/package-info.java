/// One class for each Kafka API key: message in, domain call, message out.
@NullMarked
package io.vitrine.handler;

import org.jspecify.annotations.NullMarked;
