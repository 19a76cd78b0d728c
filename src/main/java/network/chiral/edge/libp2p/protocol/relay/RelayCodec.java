// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.jspecify.annotations.Nullable;

/// Spells HopMessage and StopMessage. Their fields 3 to 5 differ: Hop has reservation, limit, status;
/// Stop has limit, status.
public final class RelayCodec {
    private static final int HOP_RESERVE = 0;
    private static final int HOP_CONNECT = 1;
    private static final int HOP_STATUS = 2;
    private static final int STOP_CONNECT = 0;
    private static final int STOP_STATUS = 1;

    private RelayCodec() {}

    /// What requests and answers of both protocols carry. Absent numbers read as 0.
    ///
    /// @param type -1 or 2³¹-1 for one that does not fit
    private record Fields(int type, byte @Nullable [] peer, long status) {
        static Fields read(byte[] message, int statusField) throws MalformedMessage {
            long type = 0;
            byte @Nullable [] peer = null;
            long status = 0;
            var in = new ProtoReader(message);
            while (in.next()) {
                if (in.field() == 1) {
                    type = in.number();
                } else if (in.field() == 2) {
                    peer = in.bytes();
                } else if (in.field() == statusField) {
                    status = in.number();
                } else {
                    in.skip();
                }
            }
            return new Fields(Math.clamp(type, -1, Integer.MAX_VALUE), peer, status);
        }
    }

    /// Reads a request. An absent type reads as RESERVE, as go-libp2p and rust-libp2p have it.
    static HopMessage parseHop(byte[] message) throws MalformedMessage {
        var fields = Fields.read(message, 5);
        return switch (fields.type()) {
            case HOP_RESERVE -> new HopMessage.Reserve();
            case HOP_CONNECT -> new HopMessage.Connect(peerId(fields.peer()));
            case HOP_STATUS -> new HopMessage.Status(RelayStatus.of(fields.status()));
            default -> throw new MalformedMessage("a HOP message of type " + fields.type());
        };
    }

    public static byte[] toBytes(HopMessage message) {
        var out = new ProtoWriter();
        switch (message) {
            case HopMessage.Reserve() -> out.number(1, HOP_RESERVE);
            case HopMessage.Connect(var destination) ->
                    out.number(1, HOP_CONNECT).message(2, peer(destination));
            case HopMessage.Granted(var expires, var addresses, var voucher, var allowance) -> {
                var reservation = new ProtoWriter().number(1, expires.getEpochSecond());
                addresses.forEach(address -> reservation.bytes(2, address.bytes()));
                reservation.bytes(3, voucher);
                out.number(1, HOP_STATUS).message(3, reservation);
                writeLimit(out, 4, allowance);
                out.number(5, RelayStatus.OK.code());
            }
            case HopMessage.Connected(var allowance) -> {
                out.number(1, HOP_STATUS);
                writeLimit(out, 4, allowance);
                out.number(5, RelayStatus.OK.code());
            }
            case HopMessage.Status(var status) ->
                    out.number(1, HOP_STATUS).number(5, status.code());
        }
        return out.toBytes();
    }

    static StopMessage parseStop(byte[] message) throws MalformedMessage {
        var fields = Fields.read(message, 4);
        return switch (fields.type()) {
            case STOP_CONNECT ->
                    new StopMessage.Connect(peerId(fields.peer()), Allowance.UNLIMITED);
            case STOP_STATUS -> new StopMessage.Status(RelayStatus.of(fields.status()));
            default -> throw new MalformedMessage("a STOP message of type " + fields.type());
        };
    }

    public static byte[] toBytes(StopMessage message) {
        var out = new ProtoWriter();
        switch (message) {
            case StopMessage.Connect(var source, var allowance) -> {
                out.number(1, STOP_CONNECT).message(2, peer(source));
                writeLimit(out, 3, allowance);
            }
            case StopMessage.Status(var status) ->
                    out.number(1, STOP_STATUS).number(4, status.code());
        }
        return out.toBytes();
    }

    /// `Limit { 1 duration in seconds; 2 data in bytes }`; none at all where nothing is limited.
    private static void writeLimit(ProtoWriter out, int field, Allowance allowance) {
        if (!allowance.equals(Allowance.UNLIMITED)) {
            out.message(
                    field,
                    new ProtoWriter()
                            .number(1, allowance.duration().toSeconds())
                            .number(2, allowance.bytesEachWay()));
        }
    }

    private static ProtoWriter peer(PeerId id) {
        return new ProtoWriter().bytes(1, id.bytes());
    }

    private static PeerId peerId(byte @Nullable [] peer) throws MalformedMessage {
        if (peer == null) {
            throw new MalformedMessage("a CONNECT without a peer");
        }
        var in = new ProtoReader(peer);
        while (in.next()) {
            if (in.field() == 1) {
                try {
                    return PeerId.ofBytes(in.bytes());
                } catch (IllegalArgumentException e) {
                    throw new MalformedMessage("a CONNECT with a bad peer id", e);
                }
            }
            in.skip();
        }
        throw new MalformedMessage("a CONNECT with a peer that has no id");
    }
}
