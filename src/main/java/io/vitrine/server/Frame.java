package io.vitrine.server;

import io.netty.buffer.ByteBuf;

/// One request as it came, without its length.
///
/// @param budgetBytes what it holds of the memory budget; 0 if it is a slice of a read
record Frame(ByteBuf bytes, long budgetBytes) {}
