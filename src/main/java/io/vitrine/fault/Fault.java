package io.vitrine.fault;

/// A fault as it is wished for.
///
/// @param after does it come when the request has been done, or in place of that?
public record Fault(Target target, Effect effect, boolean after, Schedule schedule) {}
