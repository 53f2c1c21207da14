/// Meters, health and info: reads from everywhere, writes nothing.
@NullMarked
package io.vitrine.observe;

import org.jspecify.annotations.NullMarked;
