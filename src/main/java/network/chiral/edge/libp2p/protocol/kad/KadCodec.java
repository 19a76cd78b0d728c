// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.jspecify.annotations.Nullable;

/// Spells `Message { 1 type; 2 key; 3 Record; 8 closerPeers; 9 providerPeers; 10 unused }`,
/// `Record { 1 key; 2 value; 5 timeReceived; 666 publisher; 777 ttl }` and
/// `Peer { 1 id; 2 addrs; 3 connection }` (kad-dht/README.md; 666 and 777 are rust-libp2p's).
final class KadCodec {
    static final int RECORD = 3;
    static final int CLOSER = 8;
    static final int PROVIDERS = 9;
    static final int CONNECTION = 3;

    /// Peers taken of one list of a message: K of the protocol is 20, go-libp2p may send more providers.
    private static final int MAX_PEERS = 100;

    /// Addresses taken of one peer, before those that are of no use are left out.
    private static final int MAX_ADDRESSES = 64;

    /// `2006-01-02T15:04:05.999999999Z` and some offset.
    private static final int MAX_TIME = 64;

    private static final byte[] NOTHING = {};

    private KadCodec() {}

    /// The fields of either kind of message.
    private static final class Fields {
        private KadType type = KadType.PUT_VALUE; // what an absent number means
        private byte[] key = NOTHING;
        private @Nullable KadRecord record;
        private final List<KadPeer> closer = new ArrayList<>();
        private final List<KadPeer> providers = new ArrayList<>();

        static Fields read(byte[] message) throws MalformedMessage {
            var fields = new Fields();
            var in = new ProtoReader(message);
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> fields.type = type(in.number());
                    case 2 -> fields.key = in.bytes();
                    case RECORD -> fields.record = record(in.bytes());
                    case CLOSER -> addPeer(fields.closer, in.bytes());
                    case PROVIDERS -> addPeer(fields.providers, in.bytes());
                    default -> in.skip();
                }
            }
            return fields;
        }

        private static KadType type(long number) throws MalformedMessage {
            return KadType.of(number)
                    .orElseThrow(() -> new MalformedMessage("a message of type " + number));
        }
    }

    static KadRequest parseRequest(byte[] message) throws MalformedMessage {
        var fields = Fields.read(message);
        return switch (fields.type) {
            case FIND_NODE -> new KadRequest.FindNode(fields.key);
            case GET_VALUE -> new KadRequest.GetValue(fields.key);
            case PUT_VALUE -> new KadRequest.PutValue(recordToPut(fields));
            case GET_PROVIDERS -> new KadRequest.GetProviders(fields.key);
            case ADD_PROVIDER -> new KadRequest.AddProvider(fields.key, fields.providers);
            case PING -> new KadRequest.Ping();
        };
    }

    /// The key stands in the message, in the record, or in both; then it is the same.
    private static KadRecord recordToPut(Fields fields) throws MalformedMessage {
        var record = fields.record;
        if (record == null) {
            throw new MalformedMessage("a PUT_VALUE without a record");
        }
        if (record.key().length == 0) {
            return new KadRecord(
                    fields.key,
                    record.value(),
                    record.publisher(),
                    record.lifetimeSeconds(),
                    record.timeReceived());
        }
        if (fields.key.length > 0 && !java.util.Arrays.equals(fields.key, record.key())) {
            throw new MalformedMessage("a PUT_VALUE with two keys");
        }
        return record;
    }

    static byte[] toBytes(KadRequest request) {
        var out = new ProtoWriter().number(1, request.type().number);
        switch (request) {
            case KadRequest.FindNode(var key) -> out.bytes(2, key);
            case KadRequest.GetValue(var key) -> out.bytes(2, key);
            case KadRequest.PutValue(var record) ->
                    out.bytes(2, record.key()).bytes(RECORD, toBytes(record));
            case KadRequest.GetProviders(var key) -> out.bytes(2, key);
            case KadRequest.AddProvider(var key, var providers) -> {
                out.bytes(2, key);
                for (var provider : providers) {
                    var peer = toBytes(provider.id(), provider.addresses());
                    out.bytes(PROVIDERS, peer);
                }
            }
            case KadRequest.Ping() -> {}
        }
        return out.toBytes();
    }

    static KadAnswer parseAnswer(byte[] message) throws MalformedMessage {
        var fields = Fields.read(message);
        return new KadAnswer(
                fields.type, Optional.ofNullable(fields.record), fields.closer, fields.providers);
    }

    // --- records

    private static KadRecord record(byte[] bytes) throws MalformedMessage {
        byte[] key = NOTHING;
        byte[] value = NOTHING;
        var time = "";
        Optional<PeerId> publisher = Optional.empty();
        long lifetime = 0;
        var in = new ProtoReader(bytes);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> key = in.bytes();
                case 2 -> value = in.bytes();
                case 5 -> time = in.text();
                case 666 -> publisher = publisher(in.bytes());
                case 777 -> lifetime = in.number() & 0xFFFF_FFFFL;
                default -> in.skip();
            }
        }
        return new KadRecord(key, value, publisher, lifetime, time.length() > MAX_TIME ? "" : time);
    }

    private static Optional<PeerId> publisher(byte[] bytes) throws MalformedMessage {
        try {
            return bytes.length == 0 ? Optional.empty() : Optional.of(PeerId.ofBytes(bytes));
        } catch (IllegalArgumentException e) {
            throw new MalformedMessage("a record whose publisher is no peer id", e);
        }
    }

    static byte[] toBytes(KadRecord record) {
        var out = new ProtoWriter().bytes(1, record.key()).bytes(2, record.value());
        if (!record.timeReceived().isEmpty()) {
            out.text(5, record.timeReceived());
        }
        record.publisher().ifPresent(peer -> out.bytes(666, peer.bytes()));
        if (record.lifetimeSeconds() > 0) {
            out.number(777, record.lifetimeSeconds());
        }
        return out.toBytes();
    }

    // --- peers

    /// Takes a peer that can be read; others are left out, as rust-libp2p does.
    private static void addPeer(List<KadPeer> peers, byte[] bytes) throws MalformedMessage {
        if (peers.size() >= MAX_PEERS) {
            return;
        }
        @Nullable PeerId id = null;
        var addresses = new ArrayList<Multiaddr>();
        var connection = Connectedness.NOT_CONNECTED;
        var in = new ProtoReader(bytes);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> id = peerId(in.bytes());
                case 2 -> addAddress(addresses, in.bytes());
                case CONNECTION -> connection = Connectedness.of(in.number());
                default -> in.skip();
            }
        }
        if (id != null) {
            peers.add(new KadPeer(id, addresses, connection));
        }
    }

    private static @Nullable PeerId peerId(byte[] bytes) {
        try {
            return PeerId.ofBytes(bytes);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// Addresses of transports that this node does not know are left out.
    private static void addAddress(List<Multiaddr> addresses, byte[] bytes) {
        if (addresses.size() >= MAX_ADDRESSES) {
            return;
        }
        try {
            addresses.add(Multiaddr.ofBytes(bytes));
        } catch (IllegalArgumentException e) {
            // the peer may have others
        }
    }

    /// A `Peer` without its connection, which stands last and is written when it is known.
    static byte[] toBytes(PeerId id, List<Multiaddr> addresses) {
        var out = new ProtoWriter().bytes(1, id.bytes());
        addresses.forEach(address -> out.bytes(2, address.bytes()));
        return out.toBytes();
    }
}
