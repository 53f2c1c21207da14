package io.vitrine.protocol;

import java.io.IOException;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/// Records of an answer that lie in a file and need not pass through memory. Until they are opened, they cost nothing
/// and need not be given back.
public interface FileRecords extends BaseRecords {

    /// Holds the file until the result is closed.
    ///
    /// @throws IOException if the file is gone
    OpenRecords open() throws IOException;

    /// Kafka's own way to send; ours is [OpenRecords].
    @Override
    default RecordsSend<BaseRecords> toSend() {
        throw new UnsupportedOperationException("Sent by its region");
    }
}
