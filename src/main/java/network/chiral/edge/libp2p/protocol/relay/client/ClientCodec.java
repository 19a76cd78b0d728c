// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.relay.RelayStatus;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;
import org.jspecify.annotations.Nullable;

/// Reads what a relay says to its clients: the answers of HOP, the requests of STOP.
///
/// Both are read field by field into records of what was there; what it means is for the reader to say.
final class ClientCodec {
    private static final int HOP_STATUS = 2;
    private static final int STOP_CONNECT = 0;

    /// Addresses that are looked at in one reservation; a relay has a handful.
    static final int MAX_ADDRESSES = 16;

    private ClientCodec() {}

    /// An answer to RESERVE or CONNECT.
    ///
    /// @param slot what a granted RESERVE brings; absent in all other answers
    record HopAnswer(RelayStatus status, Optional<Slot> slot, Optional<Allowance> limit) {}

    /// A reservation as the relay spells it.
    ///
    /// @param expires in Unix seconds, unsigned
    /// @param addresses in bytes, not checked yet
    record Slot(long expires, List<byte[]> addresses, Optional<byte[]> voucher) {}

    /// What the relay asks of a client on a STOP stream.
    sealed interface StopRequest {
        /// Take a circuit from `source`.
        record Connect(PeerId source, Optional<Allowance> limit) implements StopRequest {}

        /// Something else.
        record Unexpected() implements StopRequest {}
    }

    static HopAnswer parseAnswer(byte[] message) throws MalformedMessage {
        long type = 0;
        long status = 0;
        byte @Nullable [] slot = null;
        byte @Nullable [] limit = null;
        var in = new ProtoReader(message);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> type = in.number();
                case 3 -> slot = in.bytes();
                case 4 -> limit = in.bytes();
                case 5 -> status = in.number();
                default -> in.skip();
            }
        }
        if (type != HOP_STATUS) {
            throw new MalformedMessage("an answer of type " + type);
        }
        return new HopAnswer(
                RelayStatus.of(status),
                slot == null ? Optional.empty() : Optional.of(parseSlot(slot)),
                limit == null ? Optional.empty() : Optional.of(parseLimit(limit)));
    }

    private static Slot parseSlot(byte[] message) throws MalformedMessage {
        long expires = 0;
        var addresses = new ArrayList<byte[]>();
        byte @Nullable [] voucher = null;
        var in = new ProtoReader(message);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> expires = in.number();
                case 2 -> {
                    var address = in.bytes();
                    if (addresses.size() < MAX_ADDRESSES) {
                        addresses.add(address);
                    }
                }
                case 3 -> voucher = in.bytes();
                default -> in.skip();
            }
        }
        return new Slot(
                expires,
                List.copyOf(addresses),
                voucher == null || voucher.length == 0 ? Optional.empty() : Optional.of(voucher));
    }

    /// `Limit { 1 duration in seconds; 2 data in bytes }`, 0 for none.
    private static Allowance parseLimit(byte[] message) throws MalformedMessage {
        long seconds = 0;
        long bytes = 0;
        var in = new ProtoReader(message);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> seconds = in.number() & 0xFFFF_FFFFL; // a uint32
                case 2 -> bytes = in.number();
                default -> in.skip();
            }
        }
        // more than 2^63 bytes is none that anybody reaches
        return new Allowance(bytes < 0 ? Long.MAX_VALUE : bytes, Duration.ofSeconds(seconds));
    }

    static StopRequest parseStop(byte[] message) throws MalformedMessage {
        long type = 0;
        byte @Nullable [] peer = null;
        byte @Nullable [] limit = null;
        var in = new ProtoReader(message);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> type = in.number();
                case 2 -> peer = in.bytes();
                case 3 -> limit = in.bytes();
                default -> in.skip();
            }
        }
        if (type != STOP_CONNECT) {
            return new StopRequest.Unexpected();
        }
        if (peer == null) {
            throw new MalformedMessage("a CONNECT without a peer");
        }
        return new StopRequest.Connect(
                peerId(peer), limit == null ? Optional.empty() : Optional.of(parseLimit(limit)));
    }

    private static PeerId peerId(byte[] peer) throws MalformedMessage {
        byte @Nullable [] id = null;
        var in = new ProtoReader(peer);
        while (in.next()) {
            if (in.field() == 1) {
                id = in.bytes();
            } else {
                in.skip();
            }
        }
        try {
            if (id != null) {
                return PeerId.ofBytes(id);
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedMessage("a CONNECT with a bad peer id", e);
        }
        throw new MalformedMessage("a CONNECT with a peer that has no id");
    }
}
