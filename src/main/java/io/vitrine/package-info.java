/// The main class and the wiring: the only place where everything meets.
@NullMarked
package io.vitrine;

import org.jspecify.annotations.NullMarked;
