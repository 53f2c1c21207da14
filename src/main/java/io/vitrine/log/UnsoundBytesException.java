package io.vitrine.log;

import java.io.IOException;

/// Bytes that should be a batch are none: the segment, or an index that led there, has been damaged since it was
/// checked.
final class UnsoundBytesException extends IOException {
    private static final long serialVersionUID = 1;

    UnsoundBytesException(SegmentFile file, long position, String what) {
        super("%s has %s at byte %d".formatted(file.path().getFileName(), what, position));
    }
}
