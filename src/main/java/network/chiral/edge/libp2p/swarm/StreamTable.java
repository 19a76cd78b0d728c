// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import org.jspecify.annotations.Nullable;

/// The inbound streams of all connections, counted in all, by peer and by address prefix.
final class StreamTable {
    private final AdmissionLimits limits;
    private final Map<PeerId, Integer> byPeer = new HashMap<>();
    private final Map<IpPrefix, Integer> byPrefix = new HashMap<>();
    private int total;

    StreamTable(AdmissionLimits limits) {
        this.limits = limits;
    }

    /// Counts one more stream of `peer`, or says why it may not be.
    ///
    /// @param from where its connection comes from; null for what was dialled or goes through a relay
    synchronized Optional<StreamRefusal> begin(PeerId peer, @Nullable InetAddress from) {
        if (isReached(limits.streams(), total)) {
            return Optional.of(StreamRefusal.TOO_MANY);
        }
        if (isReached(limits.streamsPerPeer(), byPeer.getOrDefault(peer, 0))) {
            return Optional.of(StreamRefusal.TOO_MANY_OF_PEER);
        }
        long perIp = limits.shares().streamsPerIp();
        var parts = partsOf(from);
        for (var part : parts) {
            if (isReached(perIp * part.times(), byPrefix.getOrDefault(part.prefix(), 0))) {
                return Optional.of(StreamRefusal.TOO_MANY_OF_PREFIX);
            }
        }
        byPeer.merge(peer, 1, Integer::sum);
        parts.forEach(part -> byPrefix.merge(part.prefix(), 1, Integer::sum));
        total++;
        return Optional.empty();
    }

    private static boolean isReached(long limit, int count) {
        return limit > 0 && count >= limit;
    }

    /// A stream that was counted is gone; the arguments are those of [#begin].
    synchronized void end(PeerId peer, @Nullable InetAddress from) {
        byPeer.computeIfPresent(peer, (_, n) -> n == 1 ? null : n - 1);
        partsOf(from)
                .forEach(part ->
                        byPrefix.computeIfPresent(part.prefix(), (_, n) -> n == 1 ? null : n - 1));
        total--;
    }

    /// Nothing where no limit by prefix holds.
    private List<ShareLimits.Part> partsOf(@Nullable InetAddress from) {
        return from == null || limits.shares().streamsPerIp() == 0 || limits.isExempt(from)
                ? List.of()
                : ShareLimits.parts(from);
    }

    synchronized int size() {
        return total;
    }

    /// Prefixes and peers of which anything is known; for tests.
    synchronized int known() {
        return byPrefix.size() + byPeer.size();
    }
}
