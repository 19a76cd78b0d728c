// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;

/// Opens TCP sockets on given event loops, by epoll where the loops are epoll's and by NIO otherwise.
public final class TcpTransport {
    /// Connections that the kernel keeps for us while we are busy; the kernel may cap it lower.
    private static final int BACKLOG = 4096;

    /// One read takes what is there, up to a Noise frame of the largest size and its neighbours.
    private static final RecvByteBufAllocator READ_SIZES =
            new AdaptiveRecvByteBufAllocator(512, 2048, 128 * 1024);

    /// A connection counts as full with this much waiting for its socket.
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(128 * 1024, 256 * 1024);

    /// asm-generic/socket.h of Linux, where epoll is; x86-64 and AArch64 have these numbers.
    private static final int SOL_SOCKET = 1;

    private static final int SO_REUSEPORT = 15;

    private final EventLoopGroup acceptors;
    private final EventLoopGroup workers;
    private final boolean epoll;
    private final List<Channel> listening = new CopyOnWriteArrayList<>();
    private volatile boolean sharing;

    public TcpTransport(EventLoopGroup acceptors, EventLoopGroup workers) {
        this.acceptors = acceptors;
        this.workers = workers;
        this.epoll = workers instanceof EpollEventLoopGroup;
    }

    /// `epoll` or `nio`, for operators.
    public String name() {
        return epoll ? "epoll" : "nio";
    }

    /// The loops that connections live on.
    public EventLoopGroup workers() {
        return workers;
    }

    /// Lets each loop give back the buffers that it keeps for the next connections.
    public void trimBuffers() {
        if (ByteBufAllocator.DEFAULT instanceof PooledByteBufAllocator pool) {
            workers.forEach(loop -> loop.execute(pool::trimCurrentThreadCache));
        }
    }

    /// Listens on `address`; each accepted channel gets `handler`.
    ///
    /// The IPv6 wildcard takes IPv4 connections too, where the system has both; the IPv4 one takes its own
    /// family alone.
    public ChannelFuture listen(InetSocketAddress address, ChannelHandler handler) {
        var bound =
                new ServerBootstrap()
                        .group(acceptors, workers)
                        .channelFactory(() -> listener(address.getAddress()))
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.RCVBUF_ALLOCATOR, READ_SIZES)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                        .childHandler(handler)
                        .bind(address);
        bound.addListener((ChannelFuture done) -> {
            if (done.isSuccess()) {
                listening.add(done.channel());
                done.channel().closeFuture().addListener(_ -> listening.remove(done.channel()));
                share(done.channel(), sharing);
            }
        });
        return bound;
    }

    /// A socket of IPv6, which is what one has unless told, would make the IPv4 wildcard that of both.
    private ServerChannel listener(InetAddress address) {
        boolean four = address instanceof Inet4Address;
        if (epoll) {
            return four
                    ? new EpollServerSocketChannel(InternetProtocolFamily.IPv4)
                    : new EpollServerSocketChannel();
        }
        return four
                ? new NioServerSocketChannel(
                        SelectorProvider.provider(), InternetProtocolFamily.IPv4)
                : new NioServerSocketChannel();
    }

    /// Lets dials leave from the ports that are listened on, from now on or no more: then a NAT maps
    /// both alike, and who has seen one of our connections knows where to reach us.
    ///
    /// Only a socket that is bound already is shared, so that a port somebody else listens on is still
    /// told as taken.
    public void shareListenPorts(boolean on) {
        sharing = on;
        listening.forEach(channel -> share(channel, on));
    }

    private void share(Channel channel, boolean on) {
        var option =
                epoll
                        ? EpollChannelOption.SO_REUSEPORT
                        : NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT);
        channel.config().setOption(option, on);
    }

    /// Netty's own option is known to its epoll sockets that listen, and not to those that dial.
    private void reusePort(Bootstrap bootstrap) {
        if (epoll) {
            bootstrap.option(
                    new IntegerUnixChannelOption("SO_REUSEPORT", SOL_SOCKET, SO_REUSEPORT), 1);
        } else {
            bootstrap.option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
        }
    }

    /// The port to dial `target` from; empty for any.
    public OptionalInt listenPort(InetAddress target) {
        if (!sharing) {
            return OptionalInt.empty();
        }
        return listening.stream()
                .map(channel -> (InetSocketAddress) channel.localAddress())
                .filter(Objects::nonNull)
                .filter(own -> serves(own.getAddress(), target))
                .mapToInt(InetSocketAddress::getPort)
                .findFirst();
    }

    /// The IPv6 wildcard takes IPv4 too.
    private static boolean serves(InetAddress own, InetAddress target) {
        return own.getClass() == target.getClass()
                || own instanceof Inet6Address && own.isAnyLocalAddress();
    }

    /// True where a dial failed because its local port has a connection to the target already, or may
    /// not be used.
    public static boolean isPortTaken(Throwable cause) {
        var text = String.valueOf(cause.getMessage());
        return cause instanceof BindException
                || text.contains("Cannot assign requested address")
                || text.contains("Address already in use");
    }

    /// Dials `address`; the channel gets `handler`.
    ///
    /// @param localPort to leave from, one that [#listenPort] gave; empty for any
    /// @param patience how long the TCP handshake may take
    public ChannelFuture dial(
            InetSocketAddress address,
            OptionalInt localPort,
            Duration patience,
            ChannelHandler handler) {
        // by constructor: a native executable finds none by reflection
        ChannelFactory<Channel> type = epoll ? EpollSocketChannel::new : NioSocketChannel::new;
        var bootstrap =
                new Bootstrap()
                        .group(workers)
                        .channelFactory(type)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) patience.toMillis())
                        .option(ChannelOption.RCVBUF_ALLOCATOR, READ_SIZES)
                        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                        .handler(handler);
        if (localPort.isEmpty()) {
            return bootstrap.connect(address);
        }
        var any = address.getAddress() instanceof Inet6Address ? "::" : "0.0.0.0";
        bootstrap.option(ChannelOption.SO_REUSEADDR, true);
        reusePort(bootstrap);
        return bootstrap.connect(
                address, new InetSocketAddress(InetAddress.ofLiteral(any), localPort.getAsInt()));
    }
}
