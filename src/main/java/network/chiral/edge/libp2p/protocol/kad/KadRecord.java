// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;

/// A value under its key, as it crosses the wire. Nobody looks into the value.
///
/// @param key any bytes
/// @param value any bytes
/// @param publisher who first published it, where told (field 666, rust-libp2p's)
/// @param lifetimeSeconds left to live, 0 for no end (field 777, rust-libp2p's)
/// @param timeReceived when the sender got it, RFC 3339; empty where not told
public record KadRecord(
        byte[] key,
        byte[] value,
        Optional<PeerId> publisher,
        long lifetimeSeconds,
        String timeReceived) {

    /// A record without anything but key and value.
    public KadRecord(byte[] key, byte[] value) {
        this(key, value, Optional.empty(), 0, "");
    }
}
