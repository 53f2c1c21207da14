package io.vitrine.inspect;

import io.vitrine.record.MalformedRecordException;
import java.io.IOException;

/// Where bytes stopped making sense, and why.
///
/// @param position byte at which it was noticed, counted as [RecordsPlace] says
public record Problem(long position, String reason) {

    /// @param start what is added to positions that count from the first record
    static Problem of(IOException thrown, long start) {
        long position = thrown instanceof MalformedRecordException malformed ? malformed.position() : 0;
        return new Problem(start + position, String.valueOf(thrown.getMessage()));
    }
}
