// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.identify;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.identity.PeerRecord;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Question;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.swarm.SwarmListener;
import network.chiral.edge.libp2p.swarm.Threads;
import network.chiral.edge.libp2p.wire.MalformedMessage;

/// Tells peers who this node is, asks each new connection who it is, and takes and sends updates.
public final class IdentifyService implements SwarmListener {
    public static final ProtocolId PROTOCOL = new ProtocolId("/ipfs/id/1.0.0");
    public static final ProtocolId PUSH = new ProtocolId("/ipfs/id/push/1.0.0");

    /// rust-libp2p reads no longer message than this, so none is sent.
    static final int MAX_SENT = 4096;

    /// Room in it for where the other side is seen; a socket's address takes 31 bytes at most, a circuit
    /// a few names more.
    private static final int MAX_OBSERVED = 256;

    /// What is taken: go-libp2p's limit, above rust's.
    private static final int MAX_RECEIVED = 8192;

    /// go-libp2p may split its message; js reads as many parts.
    private static final int MAX_PARTS = 10;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Question QUESTION =
            new Question(PROTOCOL, MAX_RECEIVED, MAX_PARTS, PATIENCE);

    private final CryptoProvider crypto;
    private final Identity identity;
    private final SelfDescription self;
    private final Clock clock;
    private final Threads threads;
    private final Map<PeerId, PeerInfo> peers = new ConcurrentHashMap<>();
    private final Map<PeerId, Long> sequences =
            new ConcurrentHashMap<>(); // of connected peers' records
    private final List<BiConsumer<Connection, PeerInfo>> listeners = new CopyOnWriteArrayList<>();
    private final List<BiConsumer<Connection, Multiaddr>> observers = new CopyOnWriteArrayList<>();
    private SignedRecord record = new SignedRecord(List.of(), new byte[0]); // guarded by this
    private final AtomicLong waves = new AtomicLong(); // of pushes
    private long sequence; // of the latest record; guarded by this

    private volatile Description description = new Description(List.of(), List.of(), new byte[0]);

    /// What all peers are told, without what differs.
    private record Description(
            List<Multiaddr> addresses, List<ProtocolId> protocols, byte[] bytes) {}

    private record SignedRecord(List<Multiaddr> addresses, byte[] envelope) {}

    /// On the machine's threads.
    public IdentifyService(
            CryptoProvider crypto, Identity identity, SelfDescription self, Clock clock) {
        this(crypto, identity, self, clock, Threads.VIRTUAL);
    }

    /// @param threads where it asks and pushes
    public IdentifyService(
            CryptoProvider crypto,
            Identity identity,
            SelfDescription self,
            Clock clock,
            Threads threads) {
        this.crypto = crypto;
        this.identity = identity;
        this.self = self;
        this.clock = clock;
        this.threads = threads;
    }

    /// Tells `listener` of every peer that has described itself, on an event loop or a virtual thread: it
    /// must not block.
    public void onIdentified(BiConsumer<Connection, PeerInfo> listener) {
        listeners.add(listener);
    }

    /// Tells `listener` where a peer sees this node, each time one says it, on an event loop or a virtual
    /// thread: it must not block.
    public void onObserved(BiConsumer<Connection, Multiaddr> listener) {
        observers.add(listener);
    }

    /// What a connected peer told of itself; empty before it did.
    public Optional<PeerInfo> info(PeerId peer) {
        return Optional.ofNullable(peers.get(peer));
    }

    // --- told by the swarm

    @Override
    public void onConnected(Connection connection) {
        // who does not answer, or describes itself to nobody, may still use us
        connection.ask(
                QUESTION,
                threads,
                messages -> read(messages).ifPresent(said -> hear(connection, said)));
    }

    @Override
    public void onDisconnected(Connection connection, boolean last, String reason) {
        if (last) {
            peers.remove(connection.remotePeer());
            sequences.remove(connection.remotePeer());
        }
    }

    // --- learning

    /// What one message says, and the peer record in it that can be read.
    ///
    /// @param doubtful where the record says something else than the plain list: then, and only then, its
    ///     signature decides. To verify it takes longer than all else here, and where the two are the
    ///     same the answer is too, whoever signed
    private record Said(IdentifyMessage message, Optional<PeerRecord> record, boolean doubtful) {
        static Said of(byte[] bytes) throws MalformedMessage {
            var message = IdentifyCodec.parse(bytes);
            try {
                var envelope = message.signedPeerRecord();
                if (envelope.isPresent()) {
                    var record = PeerRecord.unverified(envelope.get());
                    return new Said(
                            message, Optional.of(record), !isSaidPlainlyToo(record, message));
                }
            } catch (MalformedMessage e) {
                // as if it were not there
            }
            return new Said(message, Optional.empty(), false);
        }
    }

    /// Empty where one of them cannot be read: then nothing that was said can be believed.
    private static Optional<List<Said>> read(List<byte[]> messages) {
        var said = new ArrayList<Said>(messages.size());
        try {
            for (var message : messages) {
                said.add(Said.of(message));
            }
        } catch (MalformedMessage e) {
            return Optional.empty();
        }
        return Optional.of(said);
    }

    /// Learns where the answer came in, perhaps on an event loop, unless that takes long.
    private void hear(Connection connection, List<Said> messages) {
        if (messages.stream().anyMatch(Said::doubtful)) {
            threads.start("identify-verify", () -> learn(connection, messages));
        } else {
            learn(connection, messages);
        }
    }

    private void learn(Connection connection, List<Said> messages) {
        var info = peers.getOrDefault(connection.remotePeer(), PeerInfo.UNKNOWN);
        try {
            for (var said : messages) {
                info = merged(info, said, connection.remotePeer());
                said.message()
                        .observedAddress()
                        .ifPresent(seen -> observers.forEach(one -> one.accept(connection, seen)));
            }
        } catch (MalformedMessage e) {
            return; // it describes somebody else
        }
        peers.put(connection.remotePeer(), info);
        if (!connection
                .isOpen()) { // it left meanwhile, perhaps before there was anything to forget
            peers.remove(connection.remotePeer(), info);
            sequences.remove(connection.remotePeer());
            return;
        }
        for (var listener : listeners) {
            listener.accept(connection, info);
        }
    }

    private PeerInfo merged(PeerInfo before, Said said, PeerId from) throws MalformedMessage {
        var message = said.message();
        var key = message.publicKey();
        if (key.isPresent() && !PeerId.of(key.get()).equals(from)) {
            throw new MalformedMessage("a peer that describes itself with another's key");
        }
        var addresses = addresses(said, from);
        return new PeerInfo(
                message.agentVersion().orElse(before.agentVersion()),
                message.protocolVersion().orElse(before.protocolVersion()),
                addresses.isEmpty() ? before.listenAddresses() : addresses,
                message.protocols().isEmpty() ? before.protocols() : message.protocols());
    }

    /// The signed addresses where there is a record that can be read and is the peer's own; rust falls
    /// back to the plain list for any other, and so does this.
    private List<Multiaddr> addresses(Said said, PeerId from) {
        var record = said.record();
        if (record.isPresent()
                && record.get().peer().equals(from)
                && !record.get().addresses().isEmpty()
                && (!said.doubtful() || isSigned(said.message()))) {
            return isLatest(record.get()) ? record.get().addresses() : List.of();
        }
        return said.message().listenAddresses();
    }

    private boolean isSigned(IdentifyMessage message) {
        try {
            PeerRecord.open(crypto, message.signedPeerRecord().orElseThrow());
            return true;
        } catch (MalformedMessage e) {
            return false;
        }
    }

    /// go-libp2p leaves its loopback addresses out of the plain list, and they lead nowhere.
    private static boolean isSaidPlainlyToo(PeerRecord signed, IdentifyMessage message) {
        var plain = message.listenAddresses();
        return plain.equals(signed.addresses())
                || plain.equals(
                        signed.addresses().stream()
                                .filter(address -> !leadsNowhere(address))
                                .toList());
    }

    private static boolean leadsNowhere(Multiaddr address) {
        return address.ip().map(InetAddress::isLoopbackAddress).orElse(false);
    }

    /// A record may be sent again, and none may be undone by one from before it (RFC 0003, "Peer store").
    private boolean isLatest(PeerRecord record) {
        long latest =
                sequences.merge(
                        record.peer(),
                        record.sequence(),
                        (a, b) -> Long.compareUnsigned(a, b) > 0 ? a : b);
        return latest == record.sequence();
    }

    // --- answering

    /// Answers `/ipfs/id/1.0.0`.
    public void onStream(Stream stream) throws IOException {
        stream.writeMessage(describe(Optional.of(stream.connection().remoteAddress())));
        stream.closeWrite();
    }

    /// The same answer without a conversation; the question is the stream's opening.
    public Optional<byte[]> answer(Connection connection, byte[] nothing) {
        return Optional.of(describe(Optional.of(connection.remoteAddress())));
    }

    /// Answers `/ipfs/id/push/1.0.0`.
    public void onPush(Stream stream) throws IOException {
        var messages = new ArrayList<byte[]>();
        do {
            messages.add(stream.readMessage(MAX_RECEIVED));
        } while (messages.size() < MAX_PARTS && !stream.atEnd());
        read(messages).ifPresent(said -> learn(stream.connection(), said));
    }

    /// Sends what has changed to those of `connections` that take updates.
    ///
    /// @return completed when all have taken it, or did not within 10 s
    public CompletableFuture<Void> push(List<Connection> connections) {
        long wave = waves.incrementAndGet();
        var same = description().bytes();
        var pushes = new ArrayList<CompletableFuture<Void>>();
        for (var connection : connections) {
            if (info(connection.remotePeer()).map(info -> info.speaks(PUSH)).orElse(false)) {
                var pushed = new CompletableFuture<Void>();
                pushes.add(pushed);
                threads.start(
                        "identify-push",
                        () -> {
                            // a later wave may overtake this one, and must not be undone
                            push(connection, wave == waves.get() ? same : description().bytes());
                            pushed.complete(null);
                        });
            }
        }
        return CompletableFuture.allOf(pushes.toArray(new CompletableFuture<?>[0]));
    }

    private void push(Connection connection, byte[] same) {
        try {
            var stream = connection.open(PUSH);
            stream.deadline(PATIENCE);
            try {
                stream.writeMessage(with(Optional.of(connection.remoteAddress()), same));
                stream.closeWrite();
                stream.atEnd(); // it has read the message
            } catch (IOException e) {
                stream.reset();
            }
        } catch (IOException e) {
            // it will ask again, or has left
        }
    }

    /// What this node is, and where it sees the other side: the one thing that differs from peer to peer.
    byte[] describe(Optional<Multiaddr> observed) {
        return with(observed, description().bytes());
    }

    private static byte[] with(Optional<Multiaddr> observed, byte[] same) {
        var seen = observed.map(IdentifyCodec::observed).orElse(new byte[0]);
        if (seen.length > MAX_OBSERVED) {
            return same;
        }
        var whole = Arrays.copyOf(same, same.length + seen.length);
        System.arraycopy(seen, 0, whole, same.length, seen.length);
        return whole;
    }

    /// Made anew only when something has changed.
    private Description description() {
        var addresses = self.addresses().get();
        var protocols = self.protocols().get();
        var latest = description;
        if (latest.bytes().length == 0
                || !latest.addresses().equals(addresses)
                || !latest.protocols().equals(protocols)) {
            latest = new Description(addresses, protocols, fitting(addresses, protocols));
            description = latest;
        }
        return latest;
    }

    /// With as many addresses as there is room for.
    private byte[] fitting(List<Multiaddr> addresses, List<ProtocolId> protocols) {
        for (int count = addresses.size(); ; count--) {
            var bytes = IdentifyCodec.toBytes(message(addresses.subList(0, count), protocols));
            if (bytes.length <= MAX_SENT - MAX_OBSERVED || count == 0) {
                return bytes;
            }
        }
    }

    private IdentifyMessage message(List<Multiaddr> addresses, List<ProtocolId> protocols) {
        return new IdentifyMessage(
                Optional.of(identity.publicKey()),
                addresses,
                protocols,
                Optional.empty(),
                Optional.of(self.protocolVersion()),
                Optional.of(self.agentVersion()),
                Optional.of(envelope(addresses)));
    }

    /// Signed anew only when the addresses have changed; the number rises whatever the clock does.
    private synchronized byte[] envelope(List<Multiaddr> addresses) {
        var latest = record;
        if (latest.envelope().length == 0 || !latest.addresses().equals(addresses)) {
            sequence = Math.max(clock.millis(), sequence + 1);
            var fresh = new PeerRecord(identity.peerId(), sequence, addresses);
            latest = new SignedRecord(List.copyOf(addresses), fresh.sign(identity));
            record = latest;
        }
        return latest.envelope();
    }
}
