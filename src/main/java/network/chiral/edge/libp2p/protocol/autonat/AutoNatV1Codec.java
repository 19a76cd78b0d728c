// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.util.ArrayList;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV1Message.BadDial;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV1Message.Dial;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV1Message.DialResponse;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.jspecify.annotations.Nullable;

/// Spells the messages of version 1. Type and status are always written: rust-libp2p wants both.
final class AutoNatV1Codec {
    private static final int DIAL = 0;
    private static final int DIAL_RESPONSE = 1;

    /// No message of 4096 bytes has more addresses worth a look.
    private static final int MAX_ADDRESSES = 100;

    private static final int MAX_TEXT = 200;

    private AutoNatV1Codec() {}

    static AutoNatV1Message parse(byte[] message) throws MalformedMessage {
        long type = DIAL;
        byte @Nullable [] dial = null;
        byte @Nullable [] response = null;
        var in = new ProtoReader(message);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> type = in.number();
                case 2 -> dial = in.bytes();
                case 3 -> response = in.bytes();
                default -> in.skip();
            }
        }
        if (type == DIAL) {
            return dial(dial);
        }
        if (type == DIAL_RESPONSE && response != null) {
            return response(response);
        }
        throw new MalformedMessage("a message of type " + type);
    }

    private static AutoNatV1Message dial(byte @Nullable [] dial) throws MalformedMessage {
        byte @Nullable [] info = null;
        if (dial != null) {
            var in = new ProtoReader(dial);
            while (in.next()) {
                if (in.field() == 1) {
                    info = in.bytes();
                } else {
                    in.skip();
                }
            }
        }
        return info == null ? new BadDial("missing peer info") : peerInfo(info);
    }

    private static AutoNatV1Message peerInfo(byte[] info) throws MalformedMessage {
        byte @Nullable [] id = null;
        var addresses = new ArrayList<Multiaddr>();
        var in = new ProtoReader(info);
        while (in.next()) {
            if (in.field() == 1) {
                id = in.bytes();
            } else if (in.field() == 2) {
                var bytes = in.bytes();
                if (addresses.size() < MAX_ADDRESSES) {
                    AutoNatV2Codec.address(bytes).ifPresent(addresses::add);
                }
            } else {
                in.skip();
            }
        }
        try {
            return id == null
                    ? new BadDial("missing peer id")
                    : new Dial(PeerId.ofBytes(id), addresses);
        } catch (IllegalArgumentException e) {
            return new BadDial("bad peer id");
        }
    }

    private static DialResponse response(byte[] body) throws MalformedMessage {
        long status = -1; // one without a status is not taken for OK
        var text = "";
        Optional<Multiaddr> address = Optional.empty();
        var in = new ProtoReader(body);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> status = in.number();
                case 2 -> text = in.text();
                case 3 -> address = AutoNatV2Codec.address(in.bytes());
                default -> in.skip();
            }
        }
        var shortened = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
        return new DialResponse(AutoNatV1Status.of(status), shortened, address);
    }

    static byte[] toBytes(Dial dial) {
        var info = new ProtoWriter().bytes(1, dial.peer().bytes());
        dial.addresses().forEach(address -> info.bytes(2, address.bytes()));
        return new ProtoWriter()
                .number(1, DIAL)
                .message(2, new ProtoWriter().message(1, info))
                .toBytes();
    }

    static byte[] toBytes(DialResponse response) {
        var body = new ProtoWriter().number(1, response.status().code);
        if (!response.text().isEmpty()) {
            body.text(2, response.text());
        }
        response.address().ifPresent(address -> body.bytes(3, address.bytes()));
        return new ProtoWriter().number(1, DIAL_RESPONSE).message(3, body).toBytes();
    }
}
