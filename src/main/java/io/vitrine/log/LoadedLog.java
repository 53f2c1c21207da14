package io.vitrine.log;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was found of a partition log when it was opened.
///
/// @param segments in order of their offsets, at least one; the last is to be appended to
/// @param durableOffset everything before it is surely on disk
/// @param unforced why what lies behind it can't be forced: an fsync failed before, and there is no room to write it
///     again; null if it can
/// @param settled is everything as an orderly stop left it, with nothing to be forced or written?
record LoadedLog(
        List<Segment> segments,
        ProducerStates producers,
        LeaderEpochs epochs,
        DamagedRanges damaged,
        long logStartOffset,
        long durableOffset,
        @Nullable IOException unforced,
        boolean settled) {}
