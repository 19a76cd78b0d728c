// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.dcutr;

import java.util.ArrayList;
import java.util.List;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;
import network.chiral.edge.libp2p.wire.ProtoWriter;

/// Spells `HolePunch { 1 type; 2 repeated ObsAddrs }`.
final class DcutrCodec {
    private static final int CONNECT = 100;
    private static final int SYNC = 300;

    /// Addresses taken from one message; what a peer behind one NAT has is a handful.
    static final int MAX_ADDRESSES = 16;

    private DcutrCodec() {}

    static byte[] toBytes(DcutrMessage message) {
        return switch (message) {
            case DcutrMessage.Connect(var addresses) -> {
                var out = new ProtoWriter().number(1, CONNECT);
                addresses.forEach(address -> out.bytes(2, address.bytes()));
                yield out.toBytes();
            }
            case DcutrMessage.Sync() -> new ProtoWriter().number(1, SYNC).toBytes();
        };
    }

    /// Reads a message. Addresses of protocols that are not known here are passed over.
    static DcutrMessage parse(byte[] message) throws MalformedMessage {
        long type = 0;
        var addresses = new ArrayList<Multiaddr>();
        var in = new ProtoReader(message);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> type = in.number();
                case 2 -> {
                    var bytes = in.bytes();
                    if (addresses.size() < MAX_ADDRESSES) {
                        add(bytes, addresses);
                    }
                }
                default -> in.skip();
            }
        }
        if (type == CONNECT) {
            return new DcutrMessage.Connect(addresses);
        }
        if (type == SYNC) {
            return new DcutrMessage.Sync();
        }
        throw new MalformedMessage("a DCUtR message of type " + type);
    }

    private static void add(byte[] bytes, List<Multiaddr> addresses) {
        try {
            addresses.add(Multiaddr.ofBytes(bytes));
        } catch (IllegalArgumentException e) {
            // of a transport we do not know; the others may do
        }
    }
}
