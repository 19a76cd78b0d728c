// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.identify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PublicKey;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.jspecify.annotations.Nullable;

/// Spells `Identify { 1 publicKey; 2 listenAddrs; 3 protocols; 4 observedAddr; 5 protocolVersion;
/// 6 agentVersion; 8 signedPeerRecord }` (identify/README.md).
final class IdentifyCodec {
    /// go-libp2p keeps as many.
    private static final int MAX_PROTOCOLS = 1024;

    private static final int MAX_ADDRESSES = 100;
    private static final int MAX_VERSION = 256;

    private IdentifyCodec() {}

    static byte[] toBytes(IdentifyMessage message) {
        var out = new ProtoWriter();
        message.publicKey().ifPresent(key -> out.bytes(1, key.serialized()));
        message.listenAddresses().forEach(address -> out.bytes(2, address.bytes()));
        message.protocols().forEach(protocol -> out.text(3, protocol.name()));
        message.observedAddress().ifPresent(address -> out.bytes(4, address.bytes()));
        message.protocolVersion().ifPresent(version -> out.text(5, version));
        message.agentVersion().ifPresent(version -> out.text(6, version));
        message.signedPeerRecord().ifPresent(envelope -> out.bytes(8, envelope));
        return out.toBytes();
    }

    /// Only where the other side is seen; put behind a message, it is part of it.
    static byte[] observed(Multiaddr address) {
        return new ProtoWriter().bytes(4, address.bytes()).toBytes();
    }

    static IdentifyMessage parse(byte[] bytes) throws MalformedMessage {
        @Nullable PublicKey key = null;
        var addresses = new ArrayList<Multiaddr>();
        var protocols = new ArrayList<ProtocolId>();
        Optional<Multiaddr> observed = Optional.empty();
        @Nullable String protocolVersion = null;
        @Nullable String agentVersion = null;
        byte @Nullable [] envelope = null;
        var in = new ProtoReader(bytes);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> key = PublicKey.parse(in.bytes());
                case 2 ->
                        address(in.bytes()).ifPresent(a -> addBounded(addresses, a, MAX_ADDRESSES));
                case 3 ->
                        protocol(in.text()).ifPresent(p -> addBounded(protocols, p, MAX_PROTOCOLS));
                case 4 -> observed = address(in.bytes());
                case 5 -> protocolVersion = shortened(in.text());
                case 6 -> agentVersion = shortened(in.text());
                case 8 -> envelope = in.bytes();
                default -> in.skip();
            }
        }
        return new IdentifyMessage(
                Optional.ofNullable(key),
                addresses,
                protocols,
                observed,
                Optional.ofNullable(protocolVersion),
                Optional.ofNullable(agentVersion),
                Optional.ofNullable(envelope));
    }

    private static <T> void addBounded(List<T> list, T item, int bound) {
        if (list.size() < bound) {
            list.add(item);
        }
    }

    /// Empty for an address of a transport that this node does not know.
    private static Optional<Multiaddr> address(byte[] bytes) {
        try {
            return Optional.of(Multiaddr.ofBytes(bytes));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<ProtocolId> protocol(String name) {
        try {
            return Optional.of(new ProtocolId(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String shortened(String version) {
        return version.length() <= MAX_VERSION ? version : version.substring(0, MAX_VERSION);
    }
}
