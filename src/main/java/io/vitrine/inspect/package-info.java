/// Turns what is on disk or on the wire into values that people can read: anatomy of a batch, decoded records,
/// formats for keys and values.
@NullMarked
package io.vitrine.inspect;

import org.jspecify.annotations.NullMarked;
