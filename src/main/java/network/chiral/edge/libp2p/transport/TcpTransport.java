// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;

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

    private final EventLoopGroup acceptors;
    private final EventLoopGroup workers;
    private final boolean epoll;

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

    /// Listens on `address`; each accepted channel gets `handler`.
    ///
    /// The IPv6 wildcard takes IPv4 connections too, where the system has both.
    public ChannelFuture listen(InetSocketAddress address, ChannelHandler handler) {
        Class<? extends ServerChannel> type =
                epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        return new ServerBootstrap()
                .group(acceptors, workers)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.RCVBUF_ALLOCATOR, READ_SIZES)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(handler)
                .bind(address);
    }

    /// Dials `address`; the channel gets `handler`.
    ///
    /// @param patience how long the TCP handshake may take
    public ChannelFuture dial(
            InetSocketAddress address, Duration patience, ChannelHandler handler) {
        Class<? extends Channel> type = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        return new Bootstrap()
                .group(workers)
                .channel(type)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) patience.toMillis())
                .option(ChannelOption.RCVBUF_ALLOCATOR, READ_SIZES)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(handler)
                .connect(address);
    }
}
