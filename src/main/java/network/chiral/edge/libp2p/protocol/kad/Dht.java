// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.swarm.Threads;

/// One distributed hash table that this node takes part in: a routing table, stores, and both sides of
/// the protocol.
public final class Dht {
    /// Conversations at once on one connection.
    public static final int STREAMS_PER_CONNECTION = KadService.STREAMS_PER_CONNECTION;

    /// Bytes of a request.
    public static final int MAX_REQUEST = KadRequest.MAX_LENGTH;

    /// Until a conversation sets its own deadline.
    public static final Duration PATIENCE = KadService.IDLE;

    private final DhtParts parts;
    private final Clock clock;
    private final Announcements announcements;
    private final KadService service;
    private final KadClient client;
    private final TableKeeper keeper;

    /// @param protocol the DHT's name
    public Dht(
            ProtocolId protocol,
            KadSettings settings,
            KadSurroundings host,
            Threads threads,
            Clock clock) {
        this.parts = DhtParts.of(protocol, settings, host);
        this.clock = clock;
        this.client = new KadClient(parts, threads, clock);
        this.announcements = new Announcements(parts, client, threads, clock);
        this.service = new KadService(parts, announcements, clock);
        this.keeper = new TableKeeper(parts, client, announcements, threads, clock);
    }

    public ProtocolId protocol() {
        return parts.protocol();
    }

    public void addListener(KadListener listener) {
        parts.listeners().add(listener);
    }

    // --- its life

    /// Begins to look around.
    public void start() {
        keeper.start();
    }

    /// Looks around no more.
    public void stop() {
        keeper.stop();
    }

    /// Answers others from now on, or resets their streams.
    public void serving(boolean now) {
        service.serving(now);
    }

    public boolean isServing() {
        return service.isServing();
    }

    /// Answers one inbound stream.
    public void onStream(Stream stream) throws IOException {
        service.onStream(stream);
    }

    /// Answers what only looks something up, without waiting; empty for everything else.
    public Optional<byte[]> answer(Connection connection, byte[] message) {
        return service.answerAtOnce(connection.remotePeer(), message);
    }

    /// `peer` has told which protocols it speaks.
    public void onIdentified(PeerId peer) {
        keeper.onIdentified(peer);
    }

    /// The last connection to `peer` is gone.
    public void onDisconnected(PeerId peer) {
        keeper.onDisconnected(peer);
    }

    /// Provides `key` whenever `holds`, and tells those nearest to it every half hour.
    public void announce(byte[] key, BooleanSupplier holds) {
        announcements.add(key, holds);
    }

    /// Asks others.
    public KadClient client() {
        return client;
    }

    // --- what it holds, for operators

    /// Peers in the routing table.
    public int tableSize() {
        return parts.table().size();
    }

    /// The routing table.
    public List<BucketView> table() {
        return parts.table().view();
    }

    public int records() {
        return parts.records().size();
    }

    /// Of the keys and values of all records.
    public long recordBytes() {
        return parts.records().bytes();
    }

    /// Entries of all provided keys.
    public int providers() {
        return parts.providers().size();
    }

    /// Keys that somebody provides.
    public int providedKeys() {
        return parts.providers().keys();
    }

    // --- what outlives a restart

    /// All records and providers.
    public KadContents contents() {
        var now = clock.instant();
        return new KadContents(parts.records().entries(now), parts.providers().entries(now));
    }

    /// Takes back what an earlier run held, within the limits.
    ///
    /// @return how many entries were taken
    public int restore(KadContents contents) {
        var now = clock.instant();
        int taken = 0;
        for (var record : contents.records()) {
            if (record.record().key().length <= KadLimits.KEY_LENGTH
                    && parts.records().restore(record, now)) {
                taken++;
            }
        }
        for (var provider : contents.providers()) {
            var addresses =
                    PeerAddresses.worthKeeping(
                            provider.peer(), provider.addresses(), parts.host().scope());
            var verdict =
                    parts.providers()
                            .add(
                                    provider.key(),
                                    provider.peer(),
                                    addresses,
                                    provider.expires(),
                                    now);
            if (verdict instanceof StoreVerdict.Kept) {
                taken++;
            }
        }
        return taken;
    }

    /// Grows with every change of what [#contents] holds.
    public long changes() {
        return parts.records().changes() + parts.providers().changes();
    }
}
