/// Test controls: what a test wants of a whole broker and no client can ask for. It waits until something is so, has
/// upkeep done at once, puts the broker back to where it was. Off unless the settings say otherwise.
@NullMarked
package io.vitrine.control;

import org.jspecify.annotations.NullMarked;
