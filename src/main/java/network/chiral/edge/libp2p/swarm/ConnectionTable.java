// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import org.jspecify.annotations.Nullable;

/// Who is connected and who is shaking hands, counted: in all, by peer and by address prefix.
///
/// ```
/// accept --handshakeOver--> gone
///        --handshakeOver, open--> connected --close--> gone
/// ```
/// Every call costs the same, however many are connected. Time is an argument, by System.nanoTime; every
/// method is synchronized and calls nothing foreign while it holds the lock.
final class ConnectionTable {
    /// Prefixes that are remembered only for their rate; beyond it the eldest are forgotten, 5 MB in all.
    private static final int MAX_IDLE_SHARES = 65_536;

    /// Idle prefixes looked at with each accept: more than an accept adds.
    private static final int LOOKED_AT = 4;

    private static final double NANOS_PER_SECOND = 1e9;

    /// What one prefix uses.
    private static final class Share {
        private final PrefixLimit limit;
        private int connections;
        private int handshakes;
        private double tokens;
        private long refilledAt;
        private boolean wasAsked;

        Share(PrefixLimit limit) {
            this.limit = limit;
            this.tokens = limit.burst();
        }

        void refill(long now) {
            if (wasAsked) {
                double more = (now - refilledAt) / NANOS_PER_SECOND * limit.perSecond();
                tokens = Math.clamp(tokens + more, 0, limit.burst());
            }
            wasAsked = true;
            refilledAt = now;
        }

        boolean isUsed() {
            return connections + handshakes > 0;
        }

        boolean isForgettable(long now) {
            refill(now);
            return !isUsed() && (limit.perSecond() <= 0 || tokens >= limit.burst());
        }
    }

    private final ConnectionLimits limits;
    private final AdmissionLimits admission;
    private final LinkedHashMap<IpPrefix, Share> shares = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<PeerId, Integer> inboundByPeer = new HashMap<>();
    private int inbound;
    private int outbound;
    private int handshakes;

    ConnectionTable(ConnectionLimits limits) {
        this.limits = limits;
        this.admission = limits.admission();
    }

    /// Counts a handshake from `from`, or says why there is to be none.
    synchronized Optional<HandshakeFailure> accept(InetAddress from, long now) {
        forgetIdle(now);
        if (isReached(limits.connections(), connections() + handshakes)) {
            return Optional.of(HandshakeFailure.TOO_MANY_CONNECTIONS);
        }
        if (isReached(limits.inboundHandshakes(), handshakes)) {
            return Optional.of(HandshakeFailure.TOO_MANY_HANDSHAKES);
        }
        var own = sharesOf(from);
        for (var share : own) {
            var refusal = refusal(share, now);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        handshakes++;
        own.forEach(share -> {
            share.handshakes++;
            share.tokens--;
        });
        return Optional.empty();
    }

    private static boolean isReached(int limit, int count) {
        return limit > 0 && count >= limit;
    }

    private static Optional<HandshakeFailure> refusal(Share share, long now) {
        var limit = share.limit;
        if (isReached(limit.connections(), share.connections + share.handshakes)) {
            return Optional.of(HandshakeFailure.TOO_MANY_OF_PREFIX);
        }
        if (isReached(limit.handshakes(), share.handshakes)) {
            return Optional.of(HandshakeFailure.TOO_MANY_HANDSHAKES_OF_PREFIX);
        }
        share.refill(now);
        return limit.perSecond() > 0 && share.tokens < 1
                ? Optional.of(HandshakeFailure.TOO_FAST)
                : Optional.empty();
    }

    /// A handshake that was accepted has ended, in whatever way.
    synchronized void handshakeOver(InetAddress from) {
        handshakes--;
        sharesOf(from).forEach(share -> share.handshakes--);
    }

    /// Counts a connection, or says why it may not be.
    ///
    /// @param from where an inbound socket comes from; null for what was dialled or goes through a relay
    synchronized Optional<HandshakeFailure> open(PeerId peer, @Nullable InetAddress from) {
        if (from == null) {
            outbound++;
            return Optional.empty();
        }
        if (isReached(admission.perPeer(), inboundByPeer.getOrDefault(peer, 0))) {
            return Optional.of(HandshakeFailure.TOO_MANY_OF_PEER);
        }
        inbound++;
        inboundByPeer.merge(peer, 1, Integer::sum);
        sharesOf(from).forEach(share -> share.connections++);
        return Optional.empty();
    }

    /// A connection that was counted is gone; the arguments are those of [#open].
    synchronized void close(PeerId peer, @Nullable InetAddress from) {
        if (from == null) {
            outbound--;
            return;
        }
        inbound--;
        inboundByPeer.computeIfPresent(peer, (_, n) -> n == 1 ? null : n - 1);
        sharesOf(from).forEach(share -> share.connections--);
    }

    synchronized int connections() {
        return inbound + outbound;
    }

    synchronized int inbound() {
        return inbound;
    }

    synchronized int handshakes() {
        return handshakes;
    }

    /// Prefixes of which anything is known; for tests.
    synchronized int prefixesKnown() {
        return shares.size();
    }

    // --- shares

    /// The shares that `from` has part in, made where they are not there.
    private List<Share> sharesOf(InetAddress from) {
        if (admission.isExempt(from)) {
            return List.of();
        }
        var own = new ArrayList<Share>(3);
        for (var limit : admission.prefixes()) {
            if (limit.six() == from instanceof Inet6Address) {
                var prefix = IpPrefix.of(from, limit.bits());
                own.add(shares.computeIfAbsent(prefix, _ -> new Share(limit)));
            }
        }
        return own;
    }

    private void forgetIdle(long now) {
        for (int i = 0; i < LOOKED_AT && !shares.isEmpty(); i++) {
            var eldest = shares.firstEntry();
            boolean tooMany = shares.size() > MAX_IDLE_SHARES && !eldest.getValue().isUsed();
            if (tooMany || eldest.getValue().isForgettable(now)) {
                shares.remove(eldest.getKey());
            } else {
                shares.get(eldest.getKey()); // becomes the youngest
            }
        }
    }
}
