package io.vitrine.fault;

import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Closing;
import io.vitrine.protocol.Facts;
import io.vitrine.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Serves requests while faults are set. Called on network threads, and never blocks.
public final class FaultyService {
    private final Faults faults;
    private final List<ArmedFault> armed;
    private final TopicNames topics;

    /// A request, and how it is served where no fault hits it.
    private record Served(Request<ApiMessage> request, Refusing refusing, Supplier<CompletionStage<Answer>> work) {}

    /// Knows what a request is answered that fails as a whole.
    @FunctionalInterface
    public interface Refusing {
        /// Null if it wants no answer.
        @Nullable
        ApiMessage answer(Errors error);
    }

    FaultyService(Faults faults, List<ArmedFault> armed, TopicNames topics) {
        this.faults = faults;
        this.armed = armed;
        this.topics = topics;
    }

    /// Serves a request, with what has been armed for it.
    ///
    /// @param work serves the request as ever
    public CompletionStage<Answer> serve(
            Request<ApiMessage> request, Refusing refusing, Supplier<CompletionStage<Answer>> work) {
        var served = new Served(request, refusing, work);
        var later = new ArrayList<ArmedFault>();
        for (var one : armed) {
            var target = one.fault().target();
            if (!target.matches(request.apiKey(), request.clientId())) {
                continue;
            }
            if (target.topic() != null && !(request.message() instanceof ProduceRequestData)) {
                // What a fetch session or a request for all topics is about shows in its answer.
                later.add(one);
            } else if (isAbout(request.message(), target) && fires(one, request)) {
                return serve(one, served);
            }
        }
        return later.isEmpty() ? work.get() : then(work.get(), answer -> afterwards(later, served, answer));
    }

    private boolean isAbout(ApiMessage message, Target target) {
        return target.topic() == null
                || (message instanceof ProduceRequestData produce && ProduceParts.names(produce, target, topics));
    }

    private boolean fires(ArmedFault one, Request<ApiMessage> request) {
        boolean fires = one.fires();
        if (one.isOver()) {
            faults.tidy();
        }
        if (!fires) {
            return false;
        }
        var effect = one.fault().effect();
        faults.count(effect.kind());
        var error =
                switch (effect) {
                    case Effect.Fail(Errors failure) -> failure.name();
                    case Effect.Delay _ -> "ANSWER_DELAYED";
                    case Effect.Disconnect _ -> "DISCONNECTED";
                    case Effect.DropAnswer _ -> "ANSWER_DROPPED";
                };
        request.noteFault(
                one.fault().target().subject(),
                error,
                "fault %d, which was set over REST".formatted(one.id()),
                Facts.none()
                        .with("fault", one.id())
                        .with("after", one.fault().after())
                        .with("delayMs", effect instanceof Effect.Delay(int ms) ? ms : null));
        return true;
    }

    private CompletionStage<Answer> serve(ArmedFault one, Served served) {
        var fault = one.fault();
        return switch (fault.effect()) {
            case Effect.Fail(Errors error) -> fail(one, served, error);
            case Effect.Delay _, Effect.Disconnect _, Effect.DropAnswer _ ->
                fault.after()
                        ? then(served.work().get(), answer -> instead(one, served, answer))
                        : instead(one, served, new Answer.None());
        };
    }

    private CompletionStage<Answer> fail(ArmedFault one, Served served, Errors error) {
        var target = one.fault().target();
        if (one.fault().after()) {
            return then(served.work().get(), answer -> instead(one, served, answer));
        }
        if (target.topic() != null && served.request().message() instanceof ProduceRequestData produce) {
            var failed = ProduceParts.takeOut(produce, target, topics);
            return then(
                    served.work().get(),
                    answer -> CompletableFuture.completedFuture(failed.putInto(answer, error, one.id())));
        }
        return CompletableFuture.completedFuture(whole(one, served, error));
    }

    /// Faults of a topic whose request is done.
    private CompletionStage<Answer> afterwards(List<ArmedFault> later, Served served, Answer answer) {
        if (answer instanceof Answer.Message(ApiMessage message)) {
            for (var one : later) {
                if (AnswerParts.names(message, one.fault().target(), topics) && fires(one, served.request())) {
                    return instead(one, served, answer);
                }
            }
        }
        return CompletableFuture.completedFuture(answer);
    }

    /// What leaves in place of the answer.
    private CompletionStage<Answer> instead(ArmedFault one, Served served, Answer answer) {
        return switch (one.fault().effect()) {
            case Effect.Fail(Errors error) -> CompletableFuture.completedFuture(failed(one, served, error, answer));
            case Effect.Delay(int ms) -> {
                var late = new CompletableFuture<Answer>();
                var timer =
                        served.request().eventLoop().schedule(() -> late.complete(answer), ms, TimeUnit.MILLISECONDS);
                late.whenComplete((_, _) -> timer.cancel(false));
                yield late;
            }
            case Effect.Disconnect _ ->
                CompletableFuture.completedFuture(new Answer.Close(
                        Closing.FAULT_INJECTED, "fault %d, which was set over REST".formatted(one.id())));
            case Effect.DropAnswer _ -> one.noAnswer();
        };
    }

    private Answer failed(ArmedFault one, Served served, Errors error, Answer answer) {
        var target = one.fault().target();
        if (!(answer instanceof Answer.Message(ApiMessage message))) {
            return answer;
        }
        if (target.topic() == null) {
            return whole(one, served, error);
        }
        AnswerParts.fail(message, target, topics, error);
        return answer;
    }

    /// The request as a whole fails.
    private static Answer whole(ArmedFault one, Served served, Errors error) {
        var response = served.refusing().answer(error);
        return response == null
                ? new Answer.Close(
                        Closing.FAULT_INJECTED,
                        "fault %d answers %s, and the request wants no answer".formatted(one.id(), error))
                : new Answer.Message(response);
    }

    private interface Next {
        CompletionStage<Answer> after(Answer answer);
    }

    /// As `thenCompose`, but whoever gives up the answer gives up what it waits for.
    private static CompletionStage<Answer> then(CompletionStage<Answer> first, Next next) {
        var result = new CompletableFuture<Answer>();
        first.whenComplete((answer, thrown) -> {
            if (thrown != null) {
                result.completeExceptionally(thrown);
                return;
            }
            try {
                var second = next.after(answer).toCompletableFuture();
                second.whenComplete((last, failed) -> {
                    if (failed == null) {
                        result.complete(last);
                    } else {
                        result.completeExceptionally(failed);
                    }
                });
                result.whenComplete((_, _) -> second.cancel(false));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        result.whenComplete((_, _) -> {
            if (result.isCancelled()) {
                first.toCompletableFuture().cancel(false);
            }
        });
        return result;
    }
}
