// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.quarkus.netty.BossEventLoopGroup;
import io.quarkus.netty.MainEventLoopGroup;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.libp2p.transport.EpollLibrary;
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
            NodeSettings settings,
            @BossEventLoopGroup EventLoopGroup acceptors,
            @MainEventLoopGroup EventLoopGroup workers) {
        own = isNativeExecutable() && isEpollThere(settings.dataDir());
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

    private static boolean isEpollThere(Path dataDir) {
        var reasons =
                EpollLibrary.load(
                        List.of(Path.of(System.getProperty("java.io.tmpdir", "/tmp")), dataDir));
        if (!reasons.isEmpty()) {
            LOG.infof("Epoll cannot be used, NIO is: reasons=%s", reasons);
        }
        return reasons.isEmpty();
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
