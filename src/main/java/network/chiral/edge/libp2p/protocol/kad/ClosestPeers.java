// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import network.chiral.edge.libp2p.identity.PeerId;

/// The search for the peers nearest to a key: whom to ask next, and when it is over.
///
/// Over when the twenty nearest of those heard of, without those that failed, have all answered
/// (kad-dht/README.md, Peer routing). Not synchronized; whoever drives it does that.
final class ClosestPeers {
    /// What to do now.
    sealed interface Step {
        /// Ask this peer.
        record Ask(KadPeer peer) implements Step {}

        /// Enough are asked; an answer or a failure comes first.
        record Await() implements Step {}

        /// There is nobody left whose answer could change the result.
        record Done() implements Step {}
    }

    /// Peers remembered in one search; ten times what an honest network of a million needs.
    private static final int MAX_HEARD_OF = 1_000;

    /// Peers asked in one search, so that liars who always name somebody nearer come to an end.
    private static final int MAX_ASKED = 200;

    private enum State {
        HEARD_OF,
        ASKED,
        ANSWERED,
        FAILED
    }

    private static final class Candidate {
        private final KadPeer peer;
        private State state = State.HEARD_OF;

        Candidate(KadPeer peer) {
            this.peer = peer;
        }
    }

    private final KadKey target;
    private final int parallel;
    private final int wanted;
    private final TreeMap<KadKey, Candidate> byDistance = new TreeMap<>();
    private final Set<PeerId> known = new HashSet<>();
    private int asking;
    private int asked;

    /// @param self never asked
    /// @param parallel alpha: questions under way at once
    /// @param wanted K: peers in the result
    ClosestPeers(KadKey target, PeerId self, int parallel, int wanted) {
        this.target = target;
        this.parallel = parallel;
        this.wanted = wanted;
        known.add(self);
    }

    /// Somebody named these.
    void heardOf(Collection<KadPeer> peers) {
        for (var peer : peers) {
            if (known.size() <= MAX_HEARD_OF && known.add(peer.id())) {
                byDistance.put(target.distance(KadKey.of(peer.id())), new Candidate(peer));
            }
        }
    }

    Step next() {
        if (asking >= parallel) {
            return new Step.Await();
        }
        int nearest = 0;
        for (var candidate : byDistance.values()) {
            if (candidate.state == State.FAILED) {
                continue;
            }
            if (nearest == wanted) {
                break;
            }
            nearest++;
            if (candidate.state == State.HEARD_OF && asked < MAX_ASKED) {
                candidate.state = State.ASKED;
                asking++;
                asked++;
                return new Step.Ask(candidate.peer);
            }
        }
        return asking == 0 ? new Step.Done() : new Step.Await();
    }

    void onAnswer(KadPeer peer, Collection<KadPeer> closer) {
        end(peer, State.ANSWERED);
        heardOf(closer);
    }

    void onFailure(KadPeer peer) {
        end(peer, State.FAILED);
    }

    private void end(KadPeer peer, State state) {
        var candidate = byDistance.get(target.distance(KadKey.of(peer.id())));
        if (candidate != null && candidate.state == State.ASKED) {
            candidate.state = state;
            asking--;
        }
    }

    /// The nearest of those that have answered, nearest first.
    List<KadPeer> answered() {
        var result = new ArrayList<KadPeer>(wanted);
        for (var candidate : byDistance.values()) {
            if (candidate.state == State.ANSWERED && result.size() < wanted) {
                result.add(candidate.peer);
            }
        }
        return result;
    }

    /// How many were asked.
    int asked() {
        return asked;
    }
}
