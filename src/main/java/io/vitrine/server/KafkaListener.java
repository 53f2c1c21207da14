package io.vitrine.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vitrine.protocol.Arrivals;
import io.vitrine.protocol.Caller;
import io.vitrine.protocol.Closing;
import io.vitrine.protocol.RequestCounters;
import io.vitrine.tap.ConnectionEntry;
import io.vitrine.tap.ConnectionOverview;
import io.vitrine.tap.RecentExchanges;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Kafka port: accepts connections and hands each to a [KafkaConnection] on one of a few event loops.
public final class KafkaListener implements ConnectionOverview, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KafkaListener.class);
    private static final WriteBufferWaterMark UNSENT_PER_CONNECTION = new WriteBufferWaterMark(256 * 1024, 1024 * 1024);
    private static final int BACKLOG = 1024;
    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(5);
    // However busy an event loop is, stopping goes on.
    private static final Duration ACCEPTING_LIMIT = Duration.ofMillis(300);
    // Appends that wait for the disk are answered within it; a client that takes no answers is not waited for longer.
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(4);

    private final Connections connections;
    private final RecentExchanges exchanges;
    private final EventLoopGroup eventLoops;
    private final boolean epoll = Epoll.isAvailable();
    private final List<Channel> serverChannels = new ArrayList<>();
    private final Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();

    public KafkaListener(
            ListenerSettings settings,
            RequestDispatcher dispatcher,
            RequestCounters counters,
            RecentExchanges exchanges) {
        this.exchanges = exchanges;
        connections = new Connections(settings, dispatcher, counters, exchanges);
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        eventLoops = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(), new DefaultThreadFactory("kafka-io", true), io);
    }

    /// Takes so many connections from now on, of all together. Those that are open stay.
    public void useMaxConnections(int count) {
        connections.useMaxConnections(count);
    }

    /// Has those who take the Kafka port for that of REST hear where it is.
    public void nameRestPort(int port) {
        connections.nameRestPort(port);
    }

    /// Has `listener` hear of the id of each connection that is gone. To be set before the ports are open.
    public void onConnectionClosed(LongConsumer listener) {
        connections.onClosed(listener);
    }

    /// Who has asked where the broker is, and who has come there.
    public Arrivals arrivals() {
        return connections.arrivals();
    }

    /// Opens the ports.
    ///
    /// @throws IOException if one can't be had; none is open then
    public void start() throws IOException {
        for (var endpoint : connections.settings().endpoints()) {
            var address = endpoint.host().isEmpty()
                    ? new InetSocketAddress(endpoint.port())
                    : new InetSocketAddress(endpoint.host(), endpoint.port());
            var bound = bootstrap(endpoint.listener()).bind(address).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                close();
                throw new IOException("Listener %s can't listen on %s:%d: %s"
                        .formatted(
                                endpoint.listener(),
                                endpoint.host(),
                                endpoint.port(),
                                bound.cause().getMessage()));
            }
            serverChannels.add(bound.channel());
            addresses.put(
                    endpoint.listener(), (InetSocketAddress) bound.channel().localAddress());
        }
        var sweep = eventLoops.scheduleWithFixedDelay(
                connections::closeQuiet, SWEEP_INTERVAL.toMillis(), SWEEP_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        log.debug("Sweeping connections every {}: {}", SWEEP_INTERVAL, sweep);
    }

    /// Where each listener really listens, by its name.
    public Map<String, InetSocketAddress> addresses() {
        return Map.copyOf(addresses);
    }

    /// Are the ports open?
    public boolean isListening() {
        return !serverChannels.isEmpty() && serverChannels.stream().allMatch(Channel::isOpen);
    }

    @Override
    public int connectionCount() {
        return connections.open().size();
    }

    @Override
    public List<ConnectionEntry> list(long from, int limit) {
        return connections.from(from, limit).stream()
                .map(connection -> connection.tally().describe())
                .toList();
    }

    @Override
    public Optional<ConnectionEntry> find(long id) {
        return connections.find(id).map(connection -> connection.tally().describe());
    }

    @Override
    public boolean close(long id, String reason) {
        var found = connections.find(id);
        found.ifPresent(connection -> connection.close(Closing.CLOSED_BY_REQUEST, reason));
        return found.isPresent();
    }

    /// The last requests and their answers.
    public RecentExchanges exchanges() {
        return exchanges;
    }

    /// Connections ever accepted.
    public long connectionsOpened() {
        return connections.openedCount();
    }

    /// Bytes of answers that clients have taken.
    public long bytesSent() {
        return connections.traffic().sentBytes();
    }

    /// How many of them went from files to sockets without passing through our memory.
    public long bytesSentFromFiles() {
        return connections.traffic().sentFromFiles();
    }

    /// Stops accepting, answers what has been taken, and ends.
    @Override
    public void close() {
        serverChannels.forEach(channel -> channel.close().awaitUninterruptibly(ACCEPTING_LIMIT.toMillis()));
        connections.open().forEach(KafkaConnection::drain);
        long deadline = System.nanoTime() + DRAIN_LIMIT.toNanos();
        try {
            while (!connections.open().isEmpty() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        eventLoops.shutdownGracefully(0, 200, TimeUnit.MILLISECONDS).awaitUninterruptibly(300);
    }

    private ServerBootstrap bootstrap(String listener) {
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        var bootstrap = new ServerBootstrap()
                .group(eventLoops)
                .channel(type)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT_PER_CONNECTION)
                .childOption(ChannelOption.MESSAGE_SIZE_ESTIMATOR, new AnswerSizeEstimator())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel, listener);
                    }
                });
        if (connections.settings().sendBufferBytes() > 0) {
            // Small, as Kafka has it: with what the system makes of it, sending a file costs twice as much.
            bootstrap.childOption(
                    ChannelOption.SO_SNDBUF, connections.settings().sendBufferBytes());
        }
        return bootstrap;
    }

    private void accept(Channel channel, String listener) {
        if (connections.isFull()) {
            log.warn(
                    "Closing the connection of {}: there are {} already (max.connections)",
                    channel.remoteAddress(),
                    connections.maxConnections());
            ConnectionEnd.refuse(
                    connections.refusals(),
                    describe(connections.nextId(), channel, listener),
                    connections.maxConnections());
            channel.close();
            return;
        }
        channel.pipeline().addLast(new KafkaConnection(connections, describe(connections.nextId(), channel, listener)));
    }

    private static Caller describe(long id, Channel channel, String listener) {
        var remote = (InetSocketAddress) channel.remoteAddress();
        var local = (InetSocketAddress) channel.localAddress();
        var localHost = local.getAddress().isLoopbackAddress()
                ? "localhost"
                : local.getAddress().getHostAddress();
        return new Caller(
                id,
                "%s:%d".formatted(remote.getAddress().getHostAddress(), remote.getPort()),
                localHost,
                local.getPort(),
                listener);
    }
}
