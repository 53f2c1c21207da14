package io.vitrine.group;

import io.vitrine.group.GroupCallListener.Answered;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Message;

/// The one place through which the calls of clients pass on their way to the coordinator, and its answers on their
/// way back.
final class CallTap {
    private final List<GroupCallListener> listeners = new CopyOnWriteArrayList<>();

    void listen(GroupCallListener newListener) {
        listeners.add(newListener);
    }

    /// Makes a call under the eyes of those who listen.
    <T extends Message> CompletableFuture<T> pass(
            GroupCaller caller, Message request, Supplier<CompletableFuture<T>> call) {
        var waiting = listeners.stream()
                .map(listener -> listener.asked(caller, request))
                .toList();
        return call.get().whenComplete((answer, thrown) -> {
            for (Answered listener : waiting) {
                listener.answered(answer, thrown);
            }
        });
    }
}
