package io.vitrine.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Caller;
import io.vitrine.protocol.Closing;
import io.vitrine.tap.ConnectionEntry.Pause;
import io.vitrine.tap.Exchange.End;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection: takes requests as they come, answers them in their order, and stops reading while the
/// client takes no answers, asks for too much at once, or memory is short. All state belongs to its event loop.
final class KafkaConnection extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(KafkaConnection.class);
    private static final int MAX_UNANSWERED = 64;
    private static final int READ_AHEAD_BYTES = 64 * 1024;

    private final Connections connections;
    private final ConnectionTally tally;
    private final Queue<Pending> unanswered = new ArrayDeque<>();
    private @Nullable Pending last;
    // Set when the connection is added to its channel, before anything else is called.
    private ChannelHandlerContext context;
    private FrameAssembler assembler;
    private AnswerWriter writer;
    private Origin origin;
    private @Nullable ByteBuf unread;
    private final ConnectionEnd end;
    private boolean processing;
    private boolean draining;
    private boolean discarding;
    // When the first of the bytes in `unread` came.
    private long readNanos;
    private volatile boolean stalled;

    private static final class Pending {
        final Dispatched request;

        @Nullable
        Answer answer;

        Pending(Dispatched request) {
            this.request = request;
        }

        /// Behind a Fetch that is not answered the next request waits, so that there is one large answer at most for
        /// each connection.
        boolean isWaitingFetch() {
            return answer == null && request.apiKey() == ApiKeys.FETCH;
        }
    }

    @SuppressWarnings("NullAway.Init")
    KafkaConnection(Connections connections, Caller caller) {
        this.connections = connections;
        this.tally = new ConnectionTally(caller, connections.arrivals());
        this.end = new ConnectionEnd(connections, caller);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        assembler = new FrameAssembler(
                context.alloc(),
                connections.requestMemory(),
                connections.settings().maxRequestBytes(),
                () -> context.executor().execute(this::process));
        var ring = connections.ring(context.executor());
        origin = new Origin(tally, context.executor(), connections::responseBytesLeft, ring);
        writer = new AnswerWriter(connections, context, tally, ring, why -> end.note(Closing.ANSWER_FAILED, why));
        connections.add(this);
    }

    /// What it has done so far.
    ConnectionTally tally() {
        return tally;
    }

    /// Is there a begun request, or an answer that the client does not take?
    boolean isStalled() {
        return stalled;
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        var bytes = (ByteBuf) message;
        if (discarding) {
            bytes.release();
            return;
        }
        long now = tally.received(bytes.readableBytes());
        if (unread == null) {
            unread = bytes;
            readNanos = now;
        } else {
            unread = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), unread, bytes);
        }
        process();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ignored) {
        process();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        connections.remove(this);
        end.gone(draining, unanswered.size());
        tally.ended();
        assembler.close();
        releaseUnread();
        forgetUnanswered();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        if (cause instanceof IOException) {
            // The client went away; that is its right.
            log.debug("{}: {}", tally.caller().address(), cause.getMessage());
            context.close();
            return;
        }
        log.error("The connection of {} failed", tally.caller().address(), cause);
        close(Closing.BROKER_FAILED, "the broker failed: " + cause);
    }

    /// Closes the connection at once and keeps the reason. For any thread.
    void close(Closing why, String detail) {
        if (!context.executor().inEventLoop()) {
            context.executor().execute(() -> close(why, detail));
            return;
        }
        if (context.channel().isOpen()) {
            end.note(why, detail);
            forgetUnanswered();
            releaseUnread();
            context.close();
        }
    }

    /// Reads no more and closes when what came before is answered: a record that is written must not be written again
    /// because its answer was lost.
    private void closeWhenAnswered() {
        releaseUnread();
        draining = true;
        closeIfDrained();
    }

    private void forgetUnanswered() {
        var forgotten = List.copyOf(unanswered);
        unanswered.clear();
        forgotten.forEach(this::forget);
    }

    private void forget(Pending pending) {
        tally.finished();
        origin.ring().end(pending.request.exchange(), End.NOT_DELIVERED, 0);
        pending.request.answer().cancel(false);
    }

    /// Takes no more requests, and closes when those that have been taken are answered. A fetch that waits is not
    /// waited for: it has nothing to lose, and its client may be patient for days. For any thread.
    void drain() {
        context.executor().execute(() -> {
            draining = true;
            if (last != null && last.isWaitingFetch()) {
                unanswered.remove(last);
                forget(last);
            }
            context.channel().config().setAutoRead(false);
            closeIfDrained();
        });
    }

    /// Serves what has been read, as far as the limits allow.
    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            serveAll();
        } catch (BadFrameException e) {
            end.note(e);
            closeWhenAnswered();
        } catch (RequestRefusedException e) {
            end.note(e);
            closeWhenAnswered();
        } finally {
            processing = false;
        }
        if (unread != null && !unread.isReadable()) {
            releaseUnread();
        }
        context.flush();
        stalled = (assembler.isInsideFrame() && !assembler.waitsForMemory())
                || !context.channel().isWritable();
        var pause = pause();
        tally.pause(pause);
        context.channel().config().setAutoRead(pause == Pause.NONE || discarding);
    }

    private void serveAll() throws BadFrameException, RequestRefusedException {
        while (unread != null && mayServe()) {
            var frame = assembler.next(unread);
            if (frame == null) {
                return;
            }
            serve(frame);
        }
    }

    /// Some bytes are read ahead even where no request may be begun: else nobody would see that the client has gone.
    private Pause pause() {
        if (draining) {
            return Pause.CLOSING;
        }
        if (!context.channel().isWritable()) {
            return Pause.ANSWERS_NOT_TAKEN;
        }
        if (assembler.waitsForMemory()) {
            return Pause.MEMORY;
        }
        return unread != null && unread.readableBytes() >= READ_AHEAD_BYTES ? Pause.SENT_AHEAD : Pause.NONE;
    }

    private boolean mayServe() {
        return !draining
                && unanswered.size() < MAX_UNANSWERED
                && (last == null || !last.isWaitingFetch())
                && context.channel().isWritable()
                && context.channel().isOpen();
    }

    private void serve(Frame frame) throws RequestRefusedException {
        Dispatched request;
        try {
            var bytes = frame.bytes().nioBuffer();
            request = connections.dispatcher().dispatch(bytes, origin, readNanos);
        } finally {
            assembler.release(frame);
        }
        end.took(request);
        var pending = new Pending(request);
        unanswered.add(pending);
        last = pending;
        request.answer().thenAccept(answer -> {
            if (context.executor().inEventLoop()) {
                answered(pending, answer);
            } else {
                context.executor().execute(() -> answered(pending, answer));
            }
        });
    }

    private void answered(Pending pending, Answer answer) {
        pending.answer = answer;
        for (var head = unanswered.peek(); head != null && head.answer != null; head = unanswered.peek()) {
            unanswered.remove();
            send(head.request, head.answer);
        }
        if (draining) {
            context.flush();
            closeIfDrained();
        } else {
            // Does nothing when it is its own call that got here, and will flush.
            process();
        }
    }

    private void send(Dispatched request, Answer answer) {
        var exchange = request.exchange();
        connections.count(exchange);
        tally.finished();
        switch (answer) {
            case Answer.Message(var message) -> write(request, message);
            case Answer.None() -> origin.ring().end(exchange, End.NO_ANSWER_WANTED, 0);
            case Answer.Close(var why, String detail) -> {
                origin.ring().end(exchange, End.CLOSED, 0);
                end.note(why, detail);
                // Nothing behind it can be answered any more.
                forgetUnanswered();
                closeWhenAnswered();
            }
        }
    }

    private void write(Dispatched request, ApiMessage message) {
        try {
            writer.write(request, message);
        } catch (IOException e) {
            // Its client asks again, and is told what there is then.
            origin.ring().end(request.exchange(), End.NOT_DELIVERED, 0);
            close(
                    Closing.ANSWER_FAILED,
                    "the records for %s could not be read: %s".formatted(request.apiKey().name, e.getMessage()));
        } catch (RuntimeException | Error e) {
            log.error("The answer to {} version {} can't be encoded", request.apiKey().name, request.version(), e);
            origin.ring().end(request.exchange(), End.NOT_DELIVERED, 0);
            close(Closing.BROKER_FAILED, "the answer to %s could not be encoded".formatted(request.apiKey().name));
        }
    }

    private void closeIfDrained() {
        if (draining && !discarding && unanswered.isEmpty()) {
            discarding = true;
            // Until the client has taken everything, for which it has as long as for any answer.
            stalled = true;
            releaseUnread();
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> Farewell.say(context));
        }
    }

    private void releaseUnread() {
        if (unread != null) {
            unread.release();
            unread = null;
        }
    }
}
