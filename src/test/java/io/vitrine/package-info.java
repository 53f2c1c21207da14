/// Tests of the whole broker, and what they share.
@NullMarked
package io.vitrine;

import org.jspecify.annotations.NullMarked;
