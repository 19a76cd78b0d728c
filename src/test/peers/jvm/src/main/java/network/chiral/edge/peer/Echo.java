// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.peer;

import io.libp2p.core.Stream;
import io.libp2p.core.multistream.StrictProtocolBinding;
import io.libp2p.protocol.ProtocolHandler;
import io.libp2p.protocol.ProtocolMessageHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The echo protocol of the test peers. */
final class Echo extends ProtocolHandler<Echo.Controller> {
    static final String PROTOCOL = "/chiral-test/echo/1.0.0";
    private static final int PERIOD = 251;

    /** What an opened stream lets its user do. */
    interface Controller {
        /** Sends bytes of the test sequence, and returns the SHA-256 of what came back. */
        String send(int bytes, int chunk) throws Exception;
    }

    static final class Binding extends StrictProtocolBinding<Controller> {
        Binding() {
            super(PROTOCOL, new Echo());
        }
    }

    private Echo() {
        super(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    @Override
    protected CompletableFuture<Controller> onStartInitiator(Stream stream) {
        var sender = new Sender(stream);
        stream.pushHandler(sender);
        return sender.active;
    }

    @Override
    protected CompletableFuture<Controller> onStartResponder(Stream stream) {
        stream.pushHandler(new Responder());
        return CompletableFuture.completedFuture(
                (bytes, chunk) -> {
                    throw new IllegalStateException("this side answers");
                });
    }

    private static final class Responder implements ProtocolMessageHandler<ByteBuf> {
        @Override
        public void onMessage(Stream stream, ByteBuf message) {
            stream.writeAndFlush(message.retain());
        }

        @Override
        public void onReadClosed(Stream stream) {
            stream.closeWrite();
        }
    }

    private static final class Sender implements ProtocolMessageHandler<ByteBuf>, Controller {
        private final CompletableFuture<Controller> active = new CompletableFuture<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private final MessageDigest received;
        private final Stream stream;

        Sender(Stream stream) {
            this.stream = stream;
            try {
                received = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }

        @Override
        public void onActivated(Stream opened) {
            active.complete(this);
        }

        @Override
        public void onMessage(Stream from, ByteBuf message) {
            received.update(message.nioBuffer());
        }

        @Override
        public void onReadClosed(Stream from) {
            end.complete(null);
        }

        @Override
        public void onClosed(Stream closed) {
            end.complete(null);
        }

        @Override
        public String send(int bytes, int chunk) throws Exception {
            for (int at = 0; at < bytes; at += chunk) {
                var part = new byte[Math.min(chunk, bytes - at)];
                for (int i = 0; i < part.length; i++) {
                    part[i] = (byte) ((at + i) % PERIOD);
                }
                stream.writeAndFlush(Unpooled.wrappedBuffer(part));
            }
            stream.closeWrite();
            end.get(30, TimeUnit.SECONDS);
            return HexFormat.of().formatHex(received.digest());
        }
    }

    /** The SHA-256 that an unharmed echo has. */
    static String expected(int bytes) throws NoSuchAlgorithmException {
        var digest = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < bytes; i++) {
            digest.update((byte) (i % PERIOD));
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
