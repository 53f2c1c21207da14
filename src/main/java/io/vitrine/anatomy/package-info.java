/// Requests, responses and batches that lie on no disk, taken apart: bytes from anywhere, explained field by field by
/// Kafka's own descriptions of its messages, or told at which byte they stop making sense. Nothing that the bytes
/// claim is believed, so they can be anything.
@NullMarked
package io.vitrine.anatomy;

import org.jspecify.annotations.NullMarked;
