// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import java.util.Arrays;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.identity.SignedEnvelope;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;

/// Tells whether a voucher is a relay's signed word about a reservation.
final class VoucherCheck {
    private static final String DOMAIN = "libp2p-relay-rsvp";

    private VoucherCheck() {}

    /// True where `relay` signed that `client` holds a slot until `expires` or later.
    ///
    /// The payload type is not looked at: go and js write two bytes, jvm a varint, and the domain says
    /// the same.
    static boolean holds(
            CryptoProvider crypto, byte[] voucher, PeerId relay, PeerId client, long expires) {
        try {
            var envelope = SignedEnvelope.parse(voucher);
            return PeerId.of(envelope.publicKey()).equals(relay)
                    && envelope.verify(crypto, DOMAIN)
                    && names(envelope.payload(), relay, client, expires);
        } catch (MalformedMessage e) {
            return false;
        }
    }

    private static boolean names(byte[] payload, PeerId relay, PeerId client, long expires)
            throws MalformedMessage {
        byte[] by = {};
        byte[] of = {};
        long until = 0;
        var in = new ProtoReader(payload);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> by = in.bytes();
                case 2 -> of = in.bytes();
                case 3 -> until = in.number();
                default -> in.skip();
            }
        }
        return Arrays.equals(by, relay.bytes())
                && Arrays.equals(of, client.bytes())
                && Long.compareUnsigned(until, expires) >= 0;
    }
}
