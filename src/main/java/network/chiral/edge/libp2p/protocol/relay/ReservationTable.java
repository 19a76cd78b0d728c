// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import network.chiral.edge.libp2p.identity.PeerId;

/// Who may be reached through this relay, and until when.
///
/// Every reservation lives equally long, so the order of granting is the order of expiry and no call
/// looks at more than what has expired: admission costs the same with one slot held or a million.
/// Time is an argument; every method is synchronized and calls nothing foreign while it holds the lock.
final class ReservationTable {
    private record Reservation(ByteBuffer origin, Instant expires) {}

    private final RelayLimits limits;
    private final LinkedHashMap<PeerId, Reservation> byPeer = new LinkedHashMap<>();
    private final Map<ByteBuffer, Integer> byOrigin = new HashMap<>();

    ReservationTable(RelayLimits limits) {
        this.limits = limits;
    }

    /// Grants a slot, or renews the one that the peer holds. A renewal is never refused.
    synchronized Decision reserve(PeerId peer, InetAddress from, Instant now) {
        forgetExpired(now);
        var origin = origin(from);
        var held = byPeer.get(peer);
        if (held == null) {
            if (limits.reservations() > 0 && byPeer.size() >= limits.reservations()) {
                return new Decision.Refused(Refusal.RESERVATIONS_FULL);
            }
            int perAddress = limits.reservationsPerAddress();
            if (perAddress > 0 && byOrigin.getOrDefault(origin, 0) >= perAddress) {
                return new Decision.Refused(Refusal.RESERVATIONS_PER_ADDRESS);
            }
        } else {
            release(peer);
        }
        var expires = now.plus(limits.reservationLifetime());
        byPeer.put(peer, new Reservation(origin, expires));
        byOrigin.merge(origin, 1, Integer::sum);
        return new Decision.Granted(expires, held != null);
    }

    synchronized boolean isReserved(PeerId peer, Instant now) {
        forgetExpired(now);
        return byPeer.containsKey(peer);
    }

    /// Frees the slot of a peer that has left; false where it held none.
    synchronized boolean release(PeerId peer) {
        var held = byPeer.remove(peer);
        if (held == null) {
            return false;
        }
        byOrigin.computeIfPresent(held.origin(), (_, n) -> n == 1 ? null : n - 1);
        return true;
    }

    synchronized int size(Instant now) {
        forgetExpired(now);
        return byPeer.size();
    }

    private void forgetExpired(Instant now) {
        while (!byPeer.isEmpty()) {
            var eldest = byPeer.firstEntry();
            if (now.isBefore(eldest.getValue().expires())) {
                return;
            }
            release(eldest.getKey());
        }
    }

    /// An IPv4 address, or the /64 that one IPv6 host has to itself.
    private static ByteBuffer origin(InetAddress from) {
        var bytes = from.getAddress();
        return from instanceof Inet6Address
                ? ByteBuffer.wrap(bytes, 0, 8).slice()
                : ByteBuffer.wrap(bytes);
    }
}
