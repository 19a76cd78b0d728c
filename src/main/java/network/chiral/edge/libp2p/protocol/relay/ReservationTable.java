// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefixMap;
import network.chiral.edge.libp2p.protocol.relay.Origins.Cap;
import network.chiral.edge.libp2p.protocol.relay.Origins.Origin;
import org.jspecify.annotations.Nullable;

/// Who may be reached through this relay, and until when.
///
/// Every reservation lives equally long, so the order of granting is the order of expiry and no call
/// looks at more than what has expired: admission costs the same with one slot held or a million.
/// Time is an argument; every method is synchronized and calls nothing foreign while it holds the lock.
final class ReservationTable {
    /// Sooner than this a renewal changes nothing: the peer is answered with what it holds. An eighth of
    /// the lifetime where that is shorter; clients renew after half of it or later (go-libp2p 2 min
    /// before the end, rust-libp2p after three quarters).
    static final Duration RENEWAL_INTERVAL = Duration.ofSeconds(10);

    private static final int SHORTEST_PART = 8;

    private static final class Reservation {
        final List<Cap> counted;
        final Instant granted;
        final Instant expires;
        byte @Nullable [] voucher;

        Reservation(List<Cap> counted, Instant granted, Instant expires) {
            this.counted = counted;
            this.granted = granted;
            this.expires = expires;
        }
    }

    private final RelayLimits limits;
    private final Origins origins;
    private final Duration renewalInterval;
    private final LinkedHashMap<PeerId, Reservation> byPeer = new LinkedHashMap<>();
    private final Map<Origin, Integer> byOrigin = new HashMap<>();

    ReservationTable(RelayLimits limits) {
        this.limits = limits;
        this.origins = new Origins(limits);
        var part = limits.reservationLifetime().dividedBy(SHORTEST_PART);
        this.renewalInterval = part.compareTo(RENEWAL_INTERVAL) < 0 ? part : RENEWAL_INTERVAL;
    }

    /// Which autonomous system a prefix belongs to, from now on; what is held is counted as it was.
    synchronized void asns(IpPrefixMap<Integer> known) {
        origins.asns(known);
    }

    /// Grants a slot, or renews the one that the peer holds. A renewal is never refused.
    synchronized Decision reserve(PeerId peer, InetAddress from, Instant now) {
        forgetExpired(now);
        var caps = origins.of(from);
        var held = byPeer.get(peer);
        if (held == null) {
            if (limits.reservations() > 0 && byPeer.size() >= limits.reservations()) {
                return new Decision.Refused(Refusal.RESERVATIONS_FULL);
            }
            for (var cap : caps) {
                if (byOrigin.getOrDefault(cap.origin(), 0) >= cap.slots()) {
                    return new Decision.Refused(cap.origin().full());
                }
            }
        } else if (isSoon(held, now) && held.counted.equals(caps)) {
            return new Decision.Granted(held.expires, true);
        } else {
            release(peer);
        }
        var expires = now.plus(limits.reservationLifetime());
        byPeer.put(peer, new Reservation(caps, now, expires));
        caps.forEach(cap -> byOrigin.merge(cap.origin(), 1, Integer::sum));
        return new Decision.Granted(expires, held != null);
    }

    private boolean isSoon(Reservation held, Instant now) {
        return !now.isBefore(held.granted) && now.isBefore(held.granted.plus(renewalInterval));
    }

    /// The voucher that was given for the slot of `peer`, where it is still the same.
    synchronized Optional<byte[]> voucher(PeerId peer, Instant expires) {
        var held = byPeer.get(peer);
        return held == null || !held.expires.equals(expires)
                ? Optional.empty()
                : Optional.ofNullable(held.voucher);
    }

    /// Keeps the voucher that was given for the slot of `peer`.
    synchronized void keep(PeerId peer, Instant expires, byte[] voucher) {
        var held = byPeer.get(peer);
        if (held != null && held.expires.equals(expires)) {
            held.voucher = voucher;
        }
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
        for (var cap : held.counted) {
            byOrigin.computeIfPresent(cap.origin(), (_, n) -> n == 1 ? null : n - 1);
        }
        return true;
    }

    /// Who holds a slot.
    synchronized List<PeerId> holders() {
        return List.copyOf(byPeer.keySet());
    }

    /// All slots that are held, the one that ends first before the others.
    synchronized List<HeldSlot> held(Instant now) {
        forgetExpired(now);
        var held = new ArrayList<HeldSlot>(byPeer.size());
        byPeer.forEach((peer, slot) -> held.add(new HeldSlot(peer, slot.granted, slot.expires)));
        return held;
    }

    synchronized int size(Instant now) {
        forgetExpired(now);
        return byPeer.size();
    }

    /// Networks that are counted.
    synchronized int originCount() {
        return byOrigin.size();
    }

    private void forgetExpired(Instant now) {
        while (!byPeer.isEmpty()) {
            var eldest = byPeer.firstEntry();
            if (now.isBefore(eldest.getValue().expires)) {
                return;
            }
            release(eldest.getKey());
        }
    }
}
