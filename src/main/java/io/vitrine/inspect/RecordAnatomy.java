package io.vitrine.inspect;

import java.util.List;

/// One record of a batch, taken apart.
///
/// @param index 0-based place in the batch
public record RecordAnatomy(int index, List<AnatomyField> fields) {
    public RecordAnatomy {
        fields = List.copyOf(fields);
    }
}
