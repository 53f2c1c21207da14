package io.vitrine.protocol;

/// The connection a request came on.
///
/// @param id of the connection, never given twice in the life of a process
/// @param address of the client, as `host:port`
/// @param localHost the address that the client reached us at, as a client could write it
/// @param localPort the port that the client reached us at
/// @param listener name of the listener, such as `PLAINTEXT`
public record Caller(long id, String address, String localHost, int localPort, String listener) {}
