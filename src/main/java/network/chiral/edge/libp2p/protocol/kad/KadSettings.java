// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.util.List;
import network.chiral.edge.libp2p.negotiation.ProtocolId;

/// The DHTs that a host takes part in, each with a table and stores of its own.
///
/// @param protocols their names; none for no DHT
/// @param mode whether others may ask this host
/// @param storage whether it keeps what others put
/// @param limits of each DHT
/// @param times of each DHT
public record KadSettings(
        List<ProtocolId> protocols, Mode mode, Storage storage, KadLimits limits, KadTimes times) {

    /// Whether others may ask this host.
    public enum Mode {
        /// A server while there is an address to announce.
        AUTO,
        SERVER,
        CLIENT
    }

    /// What a server does with what it is given.
    public enum Storage {
        /// Keeps records and providers, as Chiral's relay does since March 2026.
        STORE,
        /// Tells the way only.
        ROUTER_ONLY
    }

    /// No DHT.
    public static final KadSettings NONE =
            new KadSettings(
                    List.of(), Mode.AUTO, Storage.STORE, KadLimits.DEFAULT, KadTimes.DEFAULT);

    /// Chiral's DHT, as a server that keeps what it is given.
    public static final KadSettings CHIRAL =
            NONE.with(List.of(new ProtocolId("/chiral/kad/1.0.0")));

    public KadSettings {
        protocols = List.copyOf(protocols);
    }

    public KadSettings with(List<ProtocolId> names) {
        return new KadSettings(names, mode, storage, limits, times);
    }

    public KadSettings with(Mode other) {
        return new KadSettings(protocols, other, storage, limits, times);
    }

    public KadSettings with(Storage other) {
        return new KadSettings(protocols, mode, other, limits, times);
    }

    public KadSettings with(KadLimits other) {
        return new KadSettings(protocols, mode, storage, other, times);
    }

    public KadSettings with(KadTimes other) {
        return new KadSettings(protocols, mode, storage, limits, other);
    }
}
