package io.vitrine.group;

import org.apache.kafka.common.protocol.Message;
import org.jspecify.annotations.Nullable;

/// Hears of the calls of clients about groups, before the coordinator does, and of their answers.
@FunctionalInterface
public interface GroupCallListener {
    /// Called on the thread of the one who asks: it must be quick.
    ///
    /// @param request Kafka's message, or its part about one group
    /// @return hears of the answer
    Answered asked(GroupCaller caller, Message request);

    /// Hears of the answer to a call.
    @FunctionalInterface
    interface Answered {
        /// Wants to hear nothing.
        Answered NOTHING = (_, _) -> {};

        /// Called on a thread of the coordinator: it must be quick.
        ///
        /// @param answer null if there is none
        /// @param thrown why there is none
        void answered(@Nullable Message answer, @Nullable Throwable thrown);
    }
}
