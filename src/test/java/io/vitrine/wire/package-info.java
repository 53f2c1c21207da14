/// What is on the wire, byte for byte, against a running broker: conversations, refusals, bad input.
@NullMarked
package io.vitrine.wire;

import org.jspecify.annotations.NullMarked;
