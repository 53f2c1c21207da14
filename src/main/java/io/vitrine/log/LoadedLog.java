package io.vitrine.log;

import java.util.List;

/// What was found of a partition log when it was opened.
///
/// @param segments in order of their offsets, at least one; the last is to be appended to
/// @param durableOffset everything before it is surely on disk
record LoadedLog(
        List<Segment> segments,
        ProducerStates producers,
        LeaderEpochs epochs,
        DamagedRanges damaged,
        long logStartOffset,
        long durableOffset) {}
