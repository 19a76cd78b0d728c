// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatListener.Refusal;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV1Message.BadDial;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV1Message.Dial;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV1Message.DialResponse;
import network.chiral.edge.libp2p.swarm.DialException;
import network.chiral.edge.libp2p.swarm.FreshDialer;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.swarm.Threads;

/// Dials a client's ports at the IP it is seen at, and says whether one was reached (autonat-v1.md).
public final class AutoNatV1Server {
    public static final ProtocolId PROTOCOL = new ProtocolId("/libp2p/autonat/1.0.0");

    /// For a whole request (go-libp2p's streamTimeout).
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Addresses that are tried for one request (go-libp2p and rust-libp2p: 16).
    static final int MAX_ADDRESSES = 16;

    /// For one of several addresses, so that a dead one leaves time for the next.
    private static final Duration DIAL_PATIENCE = Duration.ofSeconds(5);

    private final AutoNatLimits limits;
    private final DialBackPolicy policy;
    private final FreshDialer dialer;
    private final Threads threads;
    private final Clock clock;
    private final RequestTable requests;
    private final List<AutoNatListener> listeners = new CopyOnWriteArrayList<>();

    public AutoNatV1Server(
            AutoNatLimits limits,
            DialBackPolicy policy,
            FreshDialer dialer,
            Threads threads,
            Clock clock) {
        this.limits = limits;
        this.policy = policy;
        this.dialer = dialer;
        this.threads = threads;
        this.clock = clock;
        this.requests =
                new RequestTable(
                        limits.dials(), limits.dialsPerPeer(), AutoNatLimits.DIALS_AT_ONCE);
    }

    public void addListener(AutoNatListener listener) {
        listeners.add(listener);
    }

    /// Answers one stream. One that does not begin with a DIAL that can be read is reset, as go-libp2p
    /// has it.
    public void onStream(Stream stream) throws IOException, InterruptedException {
        var message = AutoNatV1Codec.parse(stream.readMessage(AutoNatV1Message.MAX_LENGTH));
        var response =
                switch (message) {
                    case Dial(var peer, var addresses) -> dial(stream, peer, addresses);
                    case BadDial(var fault) -> bad(fault);
                    case DialResponse _ -> throw new ProtocolViolation("a stream opens with DIAL");
                };
        stream.writeMessage(AutoNatV1Codec.toBytes(response));
        listeners.forEach(listener -> listener.onAnswered(response.status()));
    }

    private static DialResponse bad(String fault) {
        return new DialResponse(AutoNatV1Status.E_BAD_REQUEST, fault, Optional.empty());
    }

    private DialResponse refused(Refusal why, String text) {
        listeners.forEach(listener -> listener.onRefused(why));
        return new DialResponse(AutoNatV1Status.E_DIAL_REFUSED, text, Optional.empty());
    }

    private DialResponse dial(Stream stream, PeerId peer, List<Multiaddr> addresses)
            throws InterruptedException {
        if (!peer.equals(stream.remotePeer())) {
            return bad("peer id mismatch");
        }
        if (stream.connection().isRelayed()) {
            return refused(Refusal.DIAL_BLOCKED, "no dials for a peer behind a relay");
        }
        var seenAt = stream.connection().remoteSocket().getAddress();
        if (!policy.allows(seenAt)) {
            return refused(Refusal.DIAL_BLOCKED, "no dials to the address the peer is seen at");
        }
        var targets = targets(addresses, peer, seenAt);
        if (targets.isEmpty()) {
            return refused(Refusal.NO_VALID_ADDRESS, "no dialable addresses");
        }
        if (requests.begin(peer, clock.instant()) != RequestTable.Verdict.TAKEN) {
            return refused(Refusal.RATE_LIMITED, "too many dials");
        }
        try {
            return verdict(peer, targets);
        } finally {
            requests.end(peer);
        }
    }

    /// The ports that the client names, at the IP it is seen at and nowhere else; go-libp2p and
    /// rust-libp2p put that IP in the place of any other too.
    private List<Multiaddr> targets(List<Multiaddr> addresses, PeerId peer, InetAddress seenAt) {
        return addresses.stream()
                .filter(address -> address.isPlainTcp() && address.ip().isPresent())
                .map(address -> at(seenAt, address))
                .flatMap(address -> policy.plain(address, peer).stream())
                .distinct()
                .limit(MAX_ADDRESSES)
                .toList();
    }

    /// `address` with another IP; a peer id in it stays, to be checked.
    private static Multiaddr at(InetAddress ip, Multiaddr address) {
        var moved = Multiaddr.ofTcp(new InetSocketAddress(ip, address.port()));
        return address.peer().map(moved::withPeer).orElse(moved);
    }

    private DialResponse verdict(PeerId peer, List<Multiaddr> targets) throws InterruptedException {
        var deadline = clock.instant().plus(limits.verdictPatience());
        for (var target : targets) {
            var left = left(deadline);
            if (left.toMillis() < 1) {
                break;
            }
            try {
                dialer.dialFresh(
                                peer,
                                target,
                                left.compareTo(DIAL_PATIENCE) < 0 ? left : DIAL_PATIENCE)
                        .close();
                return new DialResponse(AutoNatV1Status.OK, "", Optional.of(target));
            } catch (DialException e) {
                // the next one may do; why this one did not is nothing to tell
            }
        }
        // told at the same moment whatever the reason: who asks learns nothing of closed ports
        var left = left(deadline);
        if (left.isPositive()) {
            threads.sleep(left);
        }
        return new DialResponse(AutoNatV1Status.E_DIAL_ERROR, "dial failed", Optional.empty());
    }

    private Duration left(Instant deadline) {
        return Duration.between(clock.instant(), deadline);
    }
}
