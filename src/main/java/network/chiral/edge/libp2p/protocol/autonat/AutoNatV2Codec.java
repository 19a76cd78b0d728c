// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.util.ArrayList;
import java.util.Optional;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialDataRequest;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialDataResponse;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialRequest;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialResponse;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;
import network.chiral.edge.libp2p.wire.ProtoWriter;

/// Spells the messages of version 2.
final class AutoNatV2Codec {
    /// Addresses that are looked at; the rest is ignored (go-libp2p's maxPeerAddresses).
    static final int MAX_ADDRESSES = 50;

    /// The longest dial-back message taken (go-libp2p's dialBackMaxMsgSize).
    static final int MAX_DIAL_BACK = 1024;

    private AutoNatV2Codec() {}

    /// Reads `Message`. Of several bodies the last one counts, as protobuf has it for a oneof.
    static AutoNatV2Message parse(byte[] message) throws MalformedMessage {
        AutoNatV2Message found = null;
        var in = new ProtoReader(message);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> found = request(in.bytes());
                case 2 -> found = response(in.bytes());
                case 3 -> found = dataRequest(in.bytes());
                case 4 -> found = data(in.bytes());
                default -> in.skip();
            }
        }
        if (found == null) {
            throw new MalformedMessage("a message without a body");
        }
        return found;
    }

    private static DialRequest request(byte[] body) throws MalformedMessage {
        var addresses = new ArrayList<Optional<Multiaddr>>();
        long nonce = 0;
        var in = new ProtoReader(body);
        while (in.next()) {
            if (in.field() == 1) {
                var bytes = in.bytes();
                if (addresses.size() < MAX_ADDRESSES) {
                    addresses.add(address(bytes));
                }
            } else if (in.field() == 2) {
                nonce = in.fixed64();
            } else {
                in.skip();
            }
        }
        return new DialRequest(addresses, nonce);
    }

    /// Empty for one of protocols that are not known here.
    static Optional<Multiaddr> address(byte[] bytes) {
        try {
            return Optional.of(Multiaddr.ofBytes(bytes));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static DialResponse response(byte[] body) throws MalformedMessage {
        long status = 0;
        long index = 0;
        long dialStatus = 0;
        var in = new ProtoReader(body);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> status = in.number();
                case 2 -> index = in.number();
                case 3 -> dialStatus = in.number();
                default -> in.skip();
            }
        }
        return new DialResponse(
                AutoNatV2Status.of(status), index(index), DialStatus.of(dialStatus));
    }

    private static DialDataRequest dataRequest(byte[] body) throws MalformedMessage {
        long index = 0;
        long bytes = 0;
        var in = new ProtoReader(body);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> index = in.number();
                case 2 -> bytes = in.number();
                default -> in.skip();
            }
        }
        return new DialDataRequest(index(index), bytes);
    }

    /// One that is out of any range stays out of range.
    private static int index(long value) {
        return value < 0 ? Integer.MAX_VALUE : (int) Math.min(value, Integer.MAX_VALUE);
    }

    private static DialDataResponse data(byte[] body) throws MalformedMessage {
        int length = 0;
        var in = new ProtoReader(body);
        while (in.next()) {
            if (in.field() == 1) {
                length = in.bytes().length;
            } else {
                in.skip();
            }
        }
        return new DialDataResponse(length);
    }

    static byte[] toBytes(AutoNatV2Message message) {
        return switch (message) {
            case DialRequest(var addresses, var nonce) -> {
                var body = new ProtoWriter();
                for (var address : addresses) {
                    body.bytes(1, address.map(Multiaddr::bytes).orElse(new byte[0]));
                }
                yield wrapped(1, body.fixed64(2, nonce));
            }
            case DialResponse(var status, var index, var dialStatus) ->
                    wrapped(
                            2,
                            new ProtoWriter()
                                    .number(1, status.code)
                                    .number(2, index)
                                    .number(3, dialStatus.code));
            case DialDataRequest(var index, var bytes) ->
                    wrapped(3, new ProtoWriter().number(1, index).number(2, bytes));
            case DialDataResponse(var length) ->
                    wrapped(4, new ProtoWriter().bytes(1, new byte[length]));
        };
    }

    private static byte[] wrapped(int field, ProtoWriter body) {
        return new ProtoWriter().message(field, body).toBytes();
    }

    /// The body of a dial-back stream.
    static byte[] dialBack(long nonce) {
        return new ProtoWriter().fixed64(1, nonce).toBytes();
    }

    static long parseDialBack(byte[] message) throws MalformedMessage {
        long nonce = 0;
        var in = new ProtoReader(message);
        while (in.next()) {
            if (in.field() == 1) {
                nonce = in.fixed64();
            } else {
                in.skip();
            }
        }
        return nonce;
    }

    /// The answer on a dial-back stream; it has one status, OK, spelt out.
    static byte[] dialBackResponse() {
        return new ProtoWriter().number(1, 0).toBytes();
    }

    /// True where the answer is OK, spelt out or left out.
    static boolean isDialBackOk(byte[] message) throws MalformedMessage {
        long status = 0;
        var in = new ProtoReader(message);
        while (in.next()) {
            if (in.field() == 1) {
                status = in.number();
            } else {
                in.skip();
            }
        }
        return status == 0;
    }
}
