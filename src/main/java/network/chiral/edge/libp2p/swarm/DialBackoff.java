// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// Which addresses of which peers failed lately and are left alone for a while.
///
/// By peer too, as go-libp2p has it: else whoever spreads an address of another peer under a made-up
/// peer id would keep everybody from dialling the real one. /// 5 s after the first failure, then 1 s x tries² more, at most 5 min (go-libp2p swarm's BackoffBase,
/// BackoffCoef and BackoffMax). Time is an argument.
final class DialBackoff {
    private static final Duration BASE = Duration.ofSeconds(5);
    private static final Duration MAX = Duration.ofMinutes(5);
    private static final int MAX_ADDRESSES = 10_000;

    private record Target(PeerId peer, Multiaddr address) {}

    private record Failure(int tries, Instant until) {}

    private final Map<Target, Failure> failures =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Target, Failure> eldest) {
                    return size() > MAX_ADDRESSES;
                }
            };

    synchronized void failed(PeerId peer, Multiaddr address, Instant now) {
        var target = new Target(peer, address);
        var before = failures.remove(target);
        int tries = before == null ? 0 : before.tries() + 1;
        var pause = BASE.plusSeconds((long) tries * tries);
        failures.put(target, new Failure(tries, now.plus(pause.compareTo(MAX) > 0 ? MAX : pause)));
    }

    synchronized void succeeded(PeerId peer, Multiaddr address) {
        failures.remove(new Target(peer, address));
    }

    synchronized boolean isResting(PeerId peer, Multiaddr address, Instant now) {
        var failure = failures.get(new Target(peer, address));
        return failure != null && now.isBefore(failure.until());
    }
}
