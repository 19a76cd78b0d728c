// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.io.IOException;
import java.net.Inet4Address;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.multiformats.PeerText;
import network.chiral.edge.libp2p.protocol.kad.KadRequest.AddProvider;
import network.chiral.edge.libp2p.protocol.kad.KadRequest.FindNode;
import network.chiral.edge.libp2p.protocol.kad.KadRequest.GetProviders;
import network.chiral.edge.libp2p.protocol.kad.KadRequest.GetValue;
import network.chiral.edge.libp2p.protocol.kad.KadRequest.Ping;
import network.chiral.edge.libp2p.protocol.kad.KadRequest.PutValue;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.wire.MalformedMessage;

/// The server's side: answers one request after the other on each inbound stream.
final class KadService {
    /// Conversations at once on one connection (rust-libp2p's MAX_NUM_STREAMS).
    static final int STREAMS_PER_CONNECTION = 32;

    /// Between two requests on one stream (go-libp2p-kad-dht's dhtStreamIdleTimeout).
    static final Duration IDLE = Duration.ofMinutes(1);

    /// js-libp2p reads nothing but UTC with a fraction.
    private static final DateTimeFormatter RFC_3339 =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'")
                    .withZone(ZoneOffset.UTC);

    /// rust-libp2p's field is 32 bits of seconds.
    private static final long LONGEST_LIFETIME = 0xFFFF_FFFFL;

    private final DhtParts parts;
    private final KadSurroundings host;
    private final KadTimes times;
    private final Clock clock;
    private final Announcements announcements;
    private volatile boolean serving;

    KadService(DhtParts parts, Announcements announcements, Clock clock) {
        this.announcements = announcements;
        this.parts = parts;
        this.host = parts.host();
        this.times = parts.settings().times();
        this.clock = clock;
    }

    void serving(boolean now) {
        serving = now;
    }

    boolean isServing() {
        return serving;
    }

    // --- the conversation

    /// Answers one stream until the remote ends it, or says nothing for a minute.
    void onStream(Stream stream) throws IOException {
        while (true) {
            stream.deadline(IDLE);
            if (stream.atEnd()) {
                return;
            }
            var message = read(stream);
            long began = System.nanoTime();
            var request = parse(stream, message);
            var type = request.type();
            parts.tell(l -> l.onRequest(stream.remotePeer(), type, message.length));
            var answer = answer(stream.remotePeer(), request);
            if (answer.isPresent()) {
                stream.writeMessage(answer.get());
            }
            var took = Duration.ofNanos(System.nanoTime() - began);
            parts.tell(l -> l.onServed(stream.remotePeer(), type, took));
        }
    }

    /// Answers what only looks something up; empty for everything else.
    Optional<byte[]> answerAtOnce(PeerId from, byte[] message) {
        long began = System.nanoTime();
        try {
            var request = KadCodec.parseRequest(message);
            var type = request.type();
            if (!serving || !isLookup(request)) {
                return Optional.empty();
            }
            var answer = answer(from, request);
            parts.tell(l -> l.onRequest(from, type, message.length));
            var took = Duration.ofNanos(System.nanoTime() - began);
            parts.tell(l -> l.onServed(from, type, took));
            return answer;
        } catch (MalformedMessage | ProtocolViolation e) {
            return Optional.empty();
        }
    }

    private static boolean isLookup(KadRequest request) {
        return switch (request) {
            case Ping() -> true;
            case FindNode(var key) -> key.length > 0;
            case GetValue(var key) -> key.length > 0;
            case GetProviders(var key) -> key.length > 0;
            case PutValue _, AddProvider _ -> false;
        };
    }

    private byte[] read(Stream stream) throws IOException {
        if (!serving) {
            throw refused(stream.remotePeer(), KadRefusal.NOT_SERVING);
        }
        try {
            return stream.readMessage(KadRequest.MAX_LENGTH);
        } catch (ProtocolViolation e) {
            parts.tell(l -> l.onRefused(stream.remotePeer(), KadRefusal.OVERSIZED));
            throw e;
        }
    }

    private KadRequest parse(Stream stream, byte[] message) throws IOException {
        try {
            return KadCodec.parseRequest(message);
        } catch (MalformedMessage e) {
            parts.tell(l -> l.onRefused(stream.remotePeer(), KadRefusal.MALFORMED));
            throw e;
        }
    }

    /// Tells of the refusal; to be thrown, which resets the stream.
    private ProtocolViolation refused(PeerId peer, KadRefusal why) {
        parts.tell(l -> l.onRefused(peer, why));
        return new ProtocolViolation("refused: " + why.label());
    }

    /// The answer to `request`; empty for what has none.
    ///
    /// @throws ProtocolViolation where the stream is to be reset instead
    Optional<byte[]> answer(PeerId from, KadRequest request) throws ProtocolViolation {
        return switch (request) {
            case Ping() -> Optional.of(new AnswerWriter(KadType.PING).toBytes());
            case FindNode(var key) -> Optional.of(findNode(from, checked(from, key)));
            case GetValue(var key) -> Optional.of(value(from, checked(from, key)));
            case GetProviders(var key) -> Optional.of(providers(from, checked(from, key)));
            case PutValue(var record) -> Optional.of(put(from, record));
            case AddProvider(var key, var providers) -> {
                addProvider(from, checked(from, key), providers);
                yield Optional.empty();
            }
        };
    }

    private byte[] checked(PeerId from, byte[] key) throws ProtocolViolation {
        if (key.length == 0) {
            throw refused(from, KadRefusal.EMPTY_KEY);
        }
        return key;
    }

    // --- where is it

    private byte[] findNode(PeerId from, byte[] key) {
        var out = new AnswerWriter(KadType.FIND_NODE);
        int named = writeExactMatch(out, from, key);
        writeCloser(out, from, key, KadLimits.K - named);
        return out.toBytes();
    }

    /// Whoever asks for one peer is told of it where it is known, even if it is no server, as
    /// go-libp2p-kad-dht does; members of the table are found there.
    private int writeExactMatch(AnswerWriter out, PeerId from, byte[] key) {
        if (!PeerText.isMultihash(key)) {
            return 0; // some other key
        }
        var wanted = PeerId.ofBytes(key);
        if (wanted.equals(host.self())) {
            var addresses = host.announced();
            return out.closer(KadCodec.toBytes(wanted, addresses), Connectedness.CONNECTED) ? 1 : 0;
        }
        if (wanted.equals(from) || parts.table().member(wanted).isPresent()) {
            return 0;
        }
        var addresses = PeerAddresses.worthKeeping(wanted, host.addresses(wanted), host.scope());
        return !addresses.isEmpty()
                        && out.closer(KadCodec.toBytes(wanted, addresses), connectedness(wanted))
                ? 1
                : 0;
    }

    private void writeCloser(AnswerWriter out, PeerId from, byte[] key, int count) {
        var nearest = parts.table().nearest(KadKey.of(key), count, from, clock.instant());
        for (var member : nearest) {
            if (!out.closer(member.wire(), connectedness(member.id()))) {
                return;
            }
        }
    }

    private Connectedness connectedness(PeerId peer) {
        return host.connection(peer).isPresent()
                ? Connectedness.CONNECTED
                : Connectedness.CAN_CONNECT;
    }

    // --- values

    private byte[] value(PeerId from, byte[] key) {
        var out = new AnswerWriter(KadType.GET_VALUE);
        var found = parts.records().get(key, clock.instant());
        if (found.isPresent()) {
            out.record(onTheWire(found.get()));
            long payload = found.get().record().value().length;
            parts.tell(l -> l.onExchange(from, payload));
        }
        writeCloser(out, from, key, KadLimits.K);
        return out.toBytes();
    }

    private KadRecord onTheWire(StoredRecord entry) {
        var record = entry.record();
        long left = 0;
        if (!entry.expires().equals(Instant.MAX)) {
            left = Duration.between(clock.instant(), entry.expires()).toSeconds();
            left = Math.clamp(left, 1, LONGEST_LIFETIME);
        }
        return new KadRecord(
                record.key(),
                record.value(),
                record.publisher(),
                left,
                RFC_3339.format(entry.received()));
    }

    private byte[] put(PeerId from, KadRecord record) throws ProtocolViolation {
        checked(from, record.key());
        if (parts.settings().storage() == KadSettings.Storage.ROUTER_ONLY) {
            throw refused(from, KadRefusal.ROUTER_ONLY);
        }
        // of its own records the publisher knows the right value; an echo must not change it
        boolean ours = record.publisher().map(host.self()::equals).orElse(false);
        if (!ours) {
            keep(from, record);
        }
        var out = new AnswerWriter(KadType.PUT_VALUE);
        out.key(record.key());
        if (!out.record(record)) {
            throw refused(from, KadRefusal.VALUE_TOO_LARGE);
        }
        return out.toBytes();
    }

    private void keep(PeerId from, KadRecord record) throws ProtocolViolation {
        if (record.key().length > KadLimits.KEY_LENGTH) {
            throw refused(from, KadRefusal.KEY_TOO_LONG);
        }
        if (!RecordRules.allow(record.key(), record.value())) {
            throw refused(from, KadRefusal.INVALID_VALUE);
        }
        var now = clock.instant();
        var entry = new StoredRecord(record, from, now, now.plusSeconds(LONGEST_LIFETIME));
        if (!new AnswerWriter(KadType.PUT_VALUE).record(onTheWire(entry))) {
            throw refused(from, KadRefusal.VALUE_TOO_LARGE);
        }
        switch (parts.records().put(record, from, origin(from), expiry(record, now), now)) {
            case StoreVerdict.Kept _ -> parts.tell(l -> l.onExchange(from, record.value().length));
            case StoreVerdict.Ignored() -> {}
            case StoreVerdict.Refused(var why) -> throw refused(from, why);
        }
    }

    /// The public address of `peer`, or its IPv6 /64; nothing for private ones, which many honest peers
    /// share, nor for who comes through a relay, whose limits hold then.
    private Optional<IpPrefix> origin(PeerId peer) {
        return host.connection(peer)
                .filter(connection -> !connection.isRelayed())
                .map(connection -> connection.remoteSocket().getAddress())
                .filter(AddressScope.PUBLIC::allows)
                .map(ip -> IpPrefix.of(ip, ip instanceof Inet4Address ? 32 : 64));
    }

    /// The shorter of what the sender says and our own lifetime, which halves with each server beyond
    /// twenty that is nearer to the key, so that what is looked up by the way does not stay
    /// (rust-libp2p's record_received).
    private Instant expiry(KadRecord record, Instant now) {
        int nearer = parts.table().nearerThanSelf(KadKey.of(record.key()));
        int beyond = Math.clamp(nearer - KadLimits.K, 0, 62);
        var own = times.recordLifetime().dividedBy(1L << beyond);
        long sent = record.lifetimeSeconds();
        return sent > 0 && sent < own.toSeconds() ? now.plusSeconds(sent) : now.plus(own);
    }

    // --- providers

    private byte[] providers(PeerId from, byte[] key) {
        var out = new AnswerWriter(KadType.GET_PROVIDERS);
        long before = out.size();
        if (announcements.provides(key)) {
            out.provider(KadCodec.toBytes(host.self(), host.announced()), Connectedness.CONNECTED);
        }
        for (var provider : parts.providers().of(key, clock.instant())) {
            if (!provider.peer().equals(from)) {
                out.provider(wire(provider), connectedness(provider.peer()));
            }
        }
        long payload = out.size() - before;
        if (payload > 0) {
            parts.tell(l -> l.onExchange(from, payload));
        }
        writeCloser(out, from, key, KadLimits.K);
        return out.toBytes();
    }

    /// A rust peer without external addresses names none of its own; identify may know some.
    private byte[] wire(ProviderStore.Provider provider) {
        if (!provider.addresses().isEmpty()) {
            return provider.wire();
        }
        var addresses =
                PeerAddresses.worthKeeping(
                        provider.peer(), host.addresses(provider.peer()), host.scope());
        return KadCodec.toBytes(provider.peer(), addresses);
    }

    private void addProvider(PeerId from, byte[] key, List<KadPeer> providers)
            throws ProtocolViolation {
        if (key.length > KadLimits.KEY_LENGTH) {
            throw refused(from, KadRefusal.KEY_TOO_LONG);
        }
        var sender = providers.stream().filter(peer -> peer.id().equals(from)).findFirst();
        if (sender.isEmpty()) {
            parts.tell(l -> l.onRefused(from, KadRefusal.NOT_THE_PROVIDER));
        } else if (parts.settings().storage() == KadSettings.Storage.ROUTER_ONLY) {
            parts.tell(l -> l.onRefused(from, KadRefusal.ROUTER_ONLY));
        } else {
            keep(from, key, sender.get());
        }
    }

    private void keep(PeerId from, byte[] key, KadPeer provider) {
        var addresses = PeerAddresses.worthKeeping(from, provider.addresses(), host.scope());
        var now = clock.instant();
        var expires = now.plus(times.providerLifetime());
        switch (parts.providers().add(key, from, addresses, expires, now)) {
            case StoreVerdict.Kept _ -> parts.tell(l -> l.onExchange(from, key.length));
            case StoreVerdict.Ignored() -> {}
            case StoreVerdict.Refused(var why) -> parts.tell(l -> l.onRefused(from, why));
        }
    }
}
