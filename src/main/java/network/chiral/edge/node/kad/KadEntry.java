// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.kad;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.kad.KadRecord;
import network.chiral.edge.libp2p.protocol.kad.StoredProvider;
import network.chiral.edge.libp2p.protocol.kad.StoredRecord;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.jspecify.annotations.Nullable;

/// One entry of the file, in protobuf: `{ 1 dht; 2 key; 3 value; 4 publisher; 5 owner or provider;
/// 6 received ms; 7 expires ms; 8 addresses; 9 kind: 1 record, 2 provider }`.
sealed interface KadEntry {
    record OfRecord(String dht, StoredRecord record) implements KadEntry {}

    record OfProvider(String dht, StoredProvider provider) implements KadEntry {}

    static byte[] toBytes(String dht, StoredRecord stored) {
        var record = stored.record();
        var out = new ProtoWriter().text(1, dht).bytes(2, record.key()).bytes(3, record.value());
        record.publisher().ifPresent(peer -> out.bytes(4, peer.bytes()));
        return out.bytes(5, stored.owner().bytes())
                .number(6, stored.received().toEpochMilli())
                .number(7, stored.expires().toEpochMilli())
                .number(9, 1)
                .toBytes();
    }

    static byte[] toBytes(String dht, StoredProvider stored) {
        var out =
                new ProtoWriter()
                        .text(1, dht)
                        .bytes(2, stored.key())
                        .bytes(5, stored.peer().bytes())
                        .number(7, stored.expires().toEpochMilli());
        stored.addresses().forEach(address -> out.bytes(8, address.bytes()));
        return out.number(9, 2).toBytes();
    }

    /// @throws MalformedMessage for anything that this program has not written
    static KadEntry parse(byte[] body) throws MalformedMessage {
        var fields = Fields.read(body);
        var peer = fields.peer;
        if (peer == null || fields.dht.isEmpty() || fields.key.length == 0) {
            throw new MalformedMessage("an entry without its owner, its DHT or its key");
        }
        var expires = Instant.ofEpochMilli(fields.expires);
        return switch (fields.kind) {
            case 1 ->
                    new OfRecord(
                            fields.dht,
                            new StoredRecord(
                                    new KadRecord(
                                            fields.key, fields.value, fields.publisher, 0, ""),
                                    peer,
                                    Instant.ofEpochMilli(fields.received),
                                    expires));
            case 2 ->
                    new OfProvider(
                            fields.dht,
                            new StoredProvider(fields.key, peer, fields.addresses, expires));
            default -> throw new MalformedMessage("an entry of kind " + fields.kind);
        };
    }

    /// The fields of both kinds.
    final class Fields {
        private String dht = "";
        private byte[] key = {};
        private byte[] value = {};
        private Optional<PeerId> publisher = Optional.empty();
        private @Nullable PeerId peer;
        private long received;
        private long expires;
        private int kind;
        private final List<Multiaddr> addresses = new ArrayList<>();

        private Fields() {}

        private static Fields read(byte[] body) throws MalformedMessage {
            var fields = new Fields();
            var in = new ProtoReader(body);
            try {
                while (in.next()) {
                    switch (in.field()) {
                        case 1 -> fields.dht = in.text();
                        case 2 -> fields.key = in.bytes();
                        case 3 -> fields.value = in.bytes();
                        case 4 -> fields.publisher = Optional.of(PeerId.ofBytes(in.bytes()));
                        case 5 -> fields.peer = PeerId.ofBytes(in.bytes());
                        case 6 -> fields.received = in.number();
                        case 7 -> fields.expires = in.number();
                        case 8 -> fields.addresses.add(Multiaddr.ofBytes(in.bytes()));
                        case 9 -> fields.kind = (int) in.number();
                        default -> in.skip();
                    }
                }
            } catch (IllegalArgumentException e) {
                throw new MalformedMessage("an entry with a bad peer id or address", e);
            }
            return fields;
        }
    }
}
