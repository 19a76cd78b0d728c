// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.time.Duration;
import network.chiral.edge.libp2p.swarm.Allowance;

/// What the relay gives away. In every number 0 is no limit.
///
/// @param reservations held at once
/// @param reservationLifetime until a client has to renew
/// @param reservationsPerAddress from one IPv4 address or one IPv6 /64
/// @param circuits open at once
/// @param circuitsPerPeer that one peer is source of, and that one peer is destination of
/// @param allowance what one circuit may use
/// @param admission where slots may be held from, and how often may be asked
/// @param bandwidth how fast circuits may go
public record RelayLimits(
        int reservations,
        Duration reservationLifetime,
        int reservationsPerAddress,
        int circuits,
        int circuitsPerPeer,
        Allowance allowance,
        AdmissionLimits admission,
        Bandwidth bandwidth) {

    /// STOP requests under way to one destination; a Chiral client (rust-libp2p's relay client) takes 10
    /// streams at a time and drops more.
    public static final int STOPS_PER_DESTINATION = 8;

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;

    /// For Chiral: whole files go over circuits there, so 30 min and 128 MiB as its relay_server has
    /// since March 2026; slots for a network of some thousand peers, a quarter of them for one address,
    /// because a campus behind one address was refused before.
    public static final RelayLimits CHIRAL =
            new RelayLimits(
                            4_096,
                            Duration.ofMinutes(60),
                            1_024,
                            1024,
                            16,
                            new Allowance(128 * MIB, Duration.ofMinutes(30)))
                    .with(AdmissionLimits.CHIRAL);

    /// go-libp2p's DefaultResources: 128 slots of 1 h, 8 per IP, 16 circuits per peer, 2 min, 128 KiB.
    public static final RelayLimits GO =
            new RelayLimits(
                            128,
                            Duration.ofHours(1),
                            8,
                            0,
                            16,
                            new Allowance(128 * KIB, Duration.ofMinutes(2)))
                    .with(AdmissionLimits.GO);

    /// rust-libp2p's relay::Config::default: 128 slots of 1 h, 16 circuits in all, 4 per peer, 2 min,
    /// 128 KiB; it limits the rate per IP, not the number.
    public static final RelayLimits RUST =
            new RelayLimits(
                            128,
                            Duration.ofHours(1),
                            0,
                            16,
                            4,
                            new Allowance(128 * KIB, Duration.ofMinutes(2)))
                    .with(AdmissionLimits.RUST);

    /// No limit but the hour after which a client has to say that it is still there.
    public static final RelayLimits UNLIMITED =
            new RelayLimits(0, Duration.ofHours(1), 0, 0, 0, Allowance.UNLIMITED);

    /// Limits that ask nobody where he comes from or how often, and slow nobody down.
    public RelayLimits(
            int reservations,
            Duration reservationLifetime,
            int reservationsPerAddress,
            int circuits,
            int circuitsPerPeer,
            Allowance allowance) {
        this(
                reservations,
                reservationLifetime,
                reservationsPerAddress,
                circuits,
                circuitsPerPeer,
                allowance,
                AdmissionLimits.NONE,
                Bandwidth.UNLIMITED);
    }

    /// The same with other rules of admission.
    public RelayLimits with(AdmissionLimits other) {
        return new RelayLimits(
                reservations,
                reservationLifetime,
                reservationsPerAddress,
                circuits,
                circuitsPerPeer,
                allowance,
                other,
                bandwidth);
    }

    /// The same with another speed of circuits.
    public RelayLimits with(Bandwidth other) {
        return new RelayLimits(
                reservations,
                reservationLifetime,
                reservationsPerAddress,
                circuits,
                circuitsPerPeer,
                allowance,
                admission,
                other);
    }

    public RelayLimits {
        if (reservations < 0
                || reservationsPerAddress < 0
                || circuits < 0
                || circuitsPerPeer < 0
                || allowance.bytesEachWay() < 0
                || allowance.duration().isNegative()) {
            throw new IllegalArgumentException("a relay limit is 0 (none) or positive");
        }
        if (reservationLifetime.toSeconds() < 1) {
            throw new IllegalArgumentException("a reservation lasts at least a second");
        }
    }
}
