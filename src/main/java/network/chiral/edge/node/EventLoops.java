// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.quarkus.netty.BossEventLoopGroup;
import io.quarkus.netty.MainEventLoopGroup;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// The event loops that connections live on: Vert.x' own on a JVM.
///
/// In a native executable Vert.x knows NIO only, as Quarkus takes its native transport out. There the
/// node has loops of its own, one per processor, by epoll: a tenth less processor time, for connections
/// and bytes alike.
@Singleton
class EventLoops {
    private static final Logger LOG = Logger.getLogger(EventLoops.class);

    private final EventLoopGroup acceptors;
    private final EventLoopGroup workers;
    private final boolean own;

    EventLoops(
            @BossEventLoopGroup EventLoopGroup acceptors,
            @MainEventLoopGroup EventLoopGroup workers) {
        own = isNativeExecutable() && isEpollThere();
        if (own) {
            int processors = Runtime.getRuntime().availableProcessors();
            this.workers =
                    new EpollEventLoopGroup(
                            processors, new DefaultThreadFactory("event-loop", true));
            this.acceptors = this.workers;
        } else {
            this.workers = workers;
            this.acceptors = acceptors;
        }
    }

    private static boolean isNativeExecutable() {
        return System.getProperty("org.graalvm.nativeimage.imagecode") != null;
    }

    /// Netty finds its C library beside the executable, or unpacks it into `/tmp` for the moment of
    /// loading it.
    private static boolean isEpollThere() {
        if (!Epoll.isAvailable()) {
            LOG.infof(
                    "Epoll cannot be used, NIO is: reason=%s",
                    Epoll.unavailabilityCause().getMessage());
        }
        return Epoll.isAvailable();
    }

    EventLoopGroup acceptors() {
        return acceptors;
    }

    EventLoopGroup workers() {
        return workers;
    }

    /// Ends the loops that are the node's own.
    void close() {
        if (own) {
            workers.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1_000);
        }
    }
}
