// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.identity;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.jspecify.annotations.Nullable;

/// A peer's signed word on its addresses (libp2p RFC 0003).
///
/// Two spellings of domain and type are in use: go and js say `libp2p-peer-record` with the bytes
/// `03 01`; the RFC's text and rust's identify say `libp2p-routing-state`. This node sends the first
/// and takes both.
///
/// @param peer whose addresses
/// @param sequence rises with each record; the highest counts
/// @param addresses without those that could not be read
public record PeerRecord(PeerId peer, long sequence, List<Multiaddr> addresses) {
    private static final String DOMAIN = "libp2p-peer-record";
    private static final byte[] TYPE = {0x03, 0x01};
    private static final String DOMAIN_OF_RFC = "libp2p-routing-state";
    private static final byte[] TYPE_OF_RFC =
            "/libp2p/routing-state-record".getBytes(StandardCharsets.UTF_8);
    private static final int MAX_ADDRESSES = 100;

    public PeerRecord {
        addresses = List.copyOf(addresses);
    }

    /// Signs the record, as the bytes of an envelope.
    public byte[] sign(Identity identity) {
        var payload = new ProtoWriter().bytes(1, peer.bytes()).number(2, sequence);
        addresses.forEach(a -> payload.message(3, new ProtoWriter().bytes(1, a.bytes())));
        return SignedEnvelope.seal(identity, DOMAIN, TYPE, payload.toBytes()).toBytes();
    }

    /// Opens an envelope, verifies it before anything in it is read, and checks that the signer is the
    /// peer it speaks of.
    public static PeerRecord open(CryptoProvider crypto, byte[] envelopeBytes)
            throws MalformedMessage {
        var envelope = SignedEnvelope.parse(envelopeBytes);
        boolean known =
                Arrays.equals(envelope.payloadType(), TYPE) && envelope.verify(crypto, DOMAIN)
                        || Arrays.equals(envelope.payloadType(), TYPE_OF_RFC)
                                && envelope.verify(crypto, DOMAIN_OF_RFC);
        if (!known) {
            throw new MalformedMessage("a peer record of another type or with a bad signature");
        }
        var record = parse(envelope.payload());
        if (!record.peer.equals(PeerId.of(envelope.publicKey()))) {
            throw new MalformedMessage("a peer record that was signed by another peer");
        }
        return record;
    }

    /// What an envelope says, whoever signed it: to see whether it matters who did.
    public static PeerRecord unverified(byte[] envelopeBytes) throws MalformedMessage {
        return parse(SignedEnvelope.parse(envelopeBytes).payload());
    }

    private static PeerRecord parse(byte[] payload) throws MalformedMessage {
        @Nullable PeerId peer = null;
        long sequence = 0;
        var addresses = new ArrayList<Multiaddr>();
        var in = new ProtoReader(payload);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> peer = peerId(in.bytes());
                case 2 -> sequence = in.number();
                case 3 -> {
                    var info = new ProtoReader(in.bytes());
                    while (info.next()) {
                        if (info.field() == 1 && addresses.size() < MAX_ADDRESSES) {
                            addReadable(info.bytes(), addresses);
                        } else {
                            info.skip();
                        }
                    }
                }
                default -> in.skip();
            }
        }
        if (peer == null) {
            throw new MalformedMessage("a peer record without a peer");
        }
        return new PeerRecord(peer, sequence, addresses);
    }

    private static PeerId peerId(byte[] bytes) throws MalformedMessage {
        try {
            return PeerId.ofBytes(bytes);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessage("a peer record with a bad peer id", e);
        }
    }

    private static void addReadable(byte[] bytes, List<Multiaddr> addresses) {
        try {
            addresses.add(Multiaddr.ofBytes(bytes));
        } catch (IllegalArgumentException e) {
            // an address of a protocol that this node does not know is passed over
        }
    }
}
