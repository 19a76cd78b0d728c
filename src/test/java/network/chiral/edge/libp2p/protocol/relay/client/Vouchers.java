// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.identity.SignedEnvelope;
import network.chiral.edge.libp2p.wire.ProtoWriter;

/// Vouchers as relays write them, true ones and others.
final class Vouchers {
    static final String DOMAIN = "libp2p-relay-rsvp";
    private static final byte[] TYPE = {3, 2};

    private Vouchers() {}

    static byte[] payload(PeerId relay, PeerId client, long expires) {
        return new ProtoWriter()
                .bytes(1, relay.bytes())
                .bytes(2, client.bytes())
                .number(3, expires)
                .toBytes();
    }

    static SignedEnvelope sealed(Identity signer, String domain, byte[] payload) {
        return SignedEnvelope.seal(signer, domain, TYPE, payload);
    }

    static byte[] voucher(Identity relay, PeerId client, long expires) {
        return sealed(relay, DOMAIN, payload(relay.peerId(), client, expires)).toBytes();
    }
}
