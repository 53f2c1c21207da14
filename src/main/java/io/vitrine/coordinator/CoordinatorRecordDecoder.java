package io.vitrine.coordinator;

import io.vitrine.record.MalformedRecordException;
import java.nio.ByteBuffer;

/// Turns the bytes of a record that a coordinator has written into text. The buffers given are not moved.
public interface CoordinatorRecordDecoder {
    /// Decodes a key.
    ///
    /// @throws MalformedRecordException if it is none that Kafka 4.4 knows; the message says why
    DecodedCoordinatorRecord decodeKey(ByteBuffer key) throws MalformedRecordException;

    /// Decodes the value that goes with `key`.
    ///
    /// @throws MalformedRecordException if they are none that Kafka 4.4 knows; the message says why
    DecodedCoordinatorRecord decodeValue(ByteBuffer key, ByteBuffer value) throws MalformedRecordException;

    /// What a record with this key and no value deletes, in words.
    ///
    /// @throws MalformedRecordException if it is no key that Kafka 4.4 knows; the message says why
    String deletedBy(ByteBuffer key) throws MalformedRecordException;
}
