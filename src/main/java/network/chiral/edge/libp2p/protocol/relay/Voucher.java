// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.time.Instant;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.identity.SignedEnvelope;
import network.chiral.edge.libp2p.wire.ProtoWriter;

/// The relay's signed word that a peer holds a reservation (relay/circuit-v2.md, "Reservation Vouchers").
final class Voucher {
    static final String DOMAIN = "libp2p-relay-rsvp";

    /// The bytes that go-libp2p and js-libp2p use and check; the spec's letter would be a varint.
    static final byte[] TYPE = {0x03, 0x02};

    private Voucher() {}

    /// Signs `Voucher { 1 relay; 2 peer; 3 expiration in Unix seconds }` as the bytes of an envelope.
    static byte[] sign(Identity relay, PeerId peer, Instant expires) {
        var payload =
                new ProtoWriter()
                        .bytes(1, relay.peerId().bytes())
                        .bytes(2, peer.bytes())
                        .number(3, expires.getEpochSecond())
                        .toBytes();
        return SignedEnvelope.seal(relay, DOMAIN, TYPE, payload).toBytes();
    }
}
