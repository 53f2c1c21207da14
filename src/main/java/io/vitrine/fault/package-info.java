/// Faults on purpose: which requests they hit, and what becomes of these, so that a test sees how its client takes it.
/// A fault does to a client what a network or a cluster may do to it, and nothing to what is stored.
@NullMarked
package io.vitrine.fault;

import org.jspecify.annotations.NullMarked;
