// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relayauth;

import java.io.EOFException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Rate;
import network.chiral.edge.libp2p.swarm.RateTable;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.swarm.SwarmListener;

/// Takes tokens, and knows which connected peers have shown a good one.
///
/// A request is the token's length in four bytes, the lowest first, and the token; the answer is one
/// byte, 1 for a good token.
public final class RelayAuthService implements SwarmListener {
    public static final ProtocolId PROTOCOL = new ProtocolId("/chiral/relay-auth/1.0.0");

    /// Longest token taken; Chiral's own limit.
    public static final int MAX_TOKEN = 1024;

    /// Requests at once on one connection; a client has one.
    public static final int REQUESTS_PER_CONNECTION = 2;

    /// For one request; Chiral's request/response protocols wait 10 s.
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Wrong tokens by one peer: enough for a rotation that the client does not know of, hopeless for
    /// guessing. The interval is that of rust-libp2p's reservation limiter.
    private static final Rate PER_PEER = new Rate(10, Duration.ofMinutes(2));

    /// Wrong tokens from one IPv4 address or IPv6 /64, that many clients may be behind.
    private static final Rate PER_ADDRESS = new Rate(100, Duration.ofSeconds(6));

    private static final int HOST_6 = 64;
    private static final byte[] YES = {1};
    private static final byte[] NO = {0};

    private final Clock clock;
    private final TokenTable tokens = new TokenTable();
    private final RateTable<PeerId> byPeer = new RateTable<>(PER_PEER);
    private final RateTable<IpPrefix> byAddress = new RateTable<>(PER_ADDRESS);

    public RelayAuthService(Clock clock) {
        this.clock = clock;
    }

    /// Takes these tokens only, from now on.
    public void tokens(Collection<byte[]> good) {
        tokens.replace(good);
    }

    /// True while `peer` is connected and has shown a token that is still good.
    public boolean isAuthorised(PeerId peer) {
        return tokens.hasShown(peer);
    }

    /// Peers that have shown a good token.
    public int authorisedCount() {
        return tokens.size();
    }

    @Override
    public void onDisconnected(Connection connection, boolean last, String reason) {
        if (last) {
            tokens.forget(connection.remotePeer());
        }
    }

    /// Answers one request. What is no request is answered as a wrong token.
    public void onStream(Stream stream) throws IOException {
        boolean good = isGood(stream);
        try {
            stream.write(good ? YES : NO);
        } finally {
            if (!stream.connection().isOpen()) {
                tokens.forget(stream.remotePeer()); // it left before there was anything to forget
            }
        }
    }

    private boolean isGood(Stream stream) throws IOException {
        try {
            var head = ByteBuffer.wrap(stream.read(Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
            int length = head.getInt();
            if (length < 1 || length > MAX_TOKEN) {
                return false;
            }
            var token = stream.read(length);
            return isGood(stream.connection(), token);
        } catch (EOFException e) {
            return false;
        }
    }

    /// Only wrong tokens are counted; while one is looked at it counts as wrong.
    private boolean isGood(Connection connection, byte[] token) {
        var peer = connection.remotePeer();
        var from = host(connection.remoteSocket().getAddress());
        var now = clock.instant();
        if (!byPeer.take(peer, now) || !byAddress.take(from, now) || !tokens.show(peer, token)) {
            return false;
        }
        byPeer.giveBack(peer);
        byAddress.giveBack(from);
        return true;
    }

    private static IpPrefix host(InetAddress from) {
        return from instanceof Inet6Address ? IpPrefix.of(from, HOST_6) : IpPrefix.of(from);
    }
}
