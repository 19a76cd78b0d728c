// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.kad.KadListener.Outcome;
import network.chiral.edge.libp2p.protocol.kad.KadRequest.AddProvider;
import network.chiral.edge.libp2p.protocol.kad.KadRequest.FindNode;
import network.chiral.edge.libp2p.protocol.kad.KadRequest.GetProviders;
import network.chiral.edge.libp2p.protocol.kad.KadRequest.GetValue;
import network.chiral.edge.libp2p.protocol.kad.KadRequest.PutValue;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;
import network.chiral.edge.libp2p.swarm.Threads;

/// The client's side: searches the DHT. Every method blocks: a query's patience at most until it is its
/// turn, and as long again for each of its steps. What has no turn by then finds nothing, and the
/// listeners are told why.
public final class KadClient {
    /// Questions under way at once (alpha; go-libp2p-kad-dht's default).
    private static final int PARALLEL = 10;

    /// Answers may be longer than what rust-libp2p takes; go-libp2p's are not limited to 16 KiB.
    private static final int LONGEST_ANSWER = 64 * 1024;

    private final DhtParts parts;
    private final KadSurroundings host;
    private final KadTimes times;
    private final Threads threads;
    private final Clock clock;
    private final Map<PeerId, Integer> asking =
            new ConcurrentHashMap<>(); // with how many questions
    private final Semaphore turns = new Semaphore(KadLimits.QUERIES, true);

    KadClient(DhtParts parts, Threads threads, Clock clock) {
        this.parts = parts;
        this.host = parts.host();
        this.times = parts.settings().times();
        this.threads = threads;
        this.clock = clock;
    }

    // --- queries

    /// The servers nearest to `key` that answered, at most twenty, nearest first.
    public List<KadPeer> findClosest(byte[] key) throws InterruptedException {
        return inTurn(new Search(KadListener.Query.FIND_CLOSEST, key), List.of(), this::closest);
    }

    private List<KadPeer> closest(Search search) throws InterruptedException {
        var key = search.key;
        search.run(new FindNode(key), _ -> false);
        var nearest = search.nearest();
        search.over(!nearest.isEmpty());
        return nearest;
    }

    /// Where `peer` is.
    public Optional<KadPeer> findPeer(PeerId peer) throws InterruptedException {
        var connected = PeerAddresses.worthKeeping(peer, host.addresses(peer), host.scope());
        if (!connected.isEmpty()) {
            return Optional.of(new KadPeer(peer, connected, Connectedness.CONNECTED));
        }
        var search = new Search(KadListener.Query.FIND_PEER, peer.bytes());
        return inTurn(search, Optional.empty(), one -> peer(one, peer));
    }

    private static Optional<KadPeer> peer(Search search, PeerId peer) throws InterruptedException {
        search.run(new FindNode(peer.bytes()), answer -> named(answer.closer(), peer).isPresent());
        var found = search.answers().stream().flatMap(a -> named(a.closer(), peer).stream());
        var result = found.findFirst();
        search.over(result.isPresent());
        return result;
    }

    private static Optional<KadPeer> named(List<KadPeer> peers, PeerId wanted) {
        return peers.stream()
                .filter(peer -> peer.id().equals(wanted) && !peer.addresses().isEmpty())
                .findFirst();
    }

    /// The value of `key`: the one kept here, or the first that anybody answers.
    public Optional<KadRecord> getValue(byte[] key) throws InterruptedException {
        var kept = parts.records().get(key, clock.instant());
        if (kept.isPresent()) {
            return Optional.of(kept.get().record());
        }
        var search = new Search(KadListener.Query.GET_VALUE, key);
        return inTurn(search, Optional.empty(), KadClient::value);
    }

    private static Optional<KadRecord> value(Search search) throws InterruptedException {
        var key = search.key;
        search.run(new GetValue(key), answer -> value(answer, key).isPresent());
        var found = search.answers().stream().flatMap(answer -> value(answer, key).stream());
        var result = found.findFirst();
        search.over(result.isPresent());
        return result;
    }

    private static Optional<KadRecord> value(KadAnswer answer, byte[] key) {
        return answer.record()
                .filter(record -> Arrays.equals(record.key(), key))
                .filter(record -> RecordRules.allow(key, record.value()));
    }

    /// Puts a value to the servers nearest to `key`.
    ///
    /// @return how many took it
    public int putValue(byte[] key, byte[] value) throws InterruptedException {
        return inTurn(new Search(KadListener.Query.PUT_VALUE, key), 0, one -> put(one, value));
    }

    private int put(Search search, byte[] value) throws InterruptedException {
        var key = search.key;
        search.run(new FindNode(key), _ -> false);
        var record =
                new KadRecord(
                        key,
                        value,
                        Optional.of(host.self()),
                        times.recordLifetime().toSeconds(),
                        "");
        int taken = search.tellNearest(new PutValue(record));
        if (parts.settings().storage() == KadSettings.Storage.STORE) {
            var now = clock.instant();
            parts.records().put(record, host.self(), now.plus(times.recordLifetime()), now);
        }
        search.over(taken > 0);
        return taken;
    }

    /// Who provides `key`, as far as is known here and told by others.
    public List<KadPeer> findProviders(byte[] key) throws InterruptedException {
        var search = new Search(KadListener.Query.FIND_PROVIDERS, key);
        return inTurn(search, List.of(), this::providers);
    }

    private List<KadPeer> providers(Search search) throws InterruptedException {
        var key = search.key;
        Map<PeerId, KadPeer> found = new LinkedHashMap<>();
        for (var provider : parts.providers().of(key, clock.instant())) {
            found.put(provider.peer(), new KadPeer(provider.peer(), provider.addresses()));
        }
        search.run(
                new GetProviders(key),
                answer -> answer.providers().size() >= KadLimits.PROVIDERS_PER_KEY);
        for (var answer : search.answers()) {
            useful(answer.providers())
                    .forEach(provider -> found.merge(provider.id(), provider, KadClient::better));
        }
        search.over(!found.isEmpty());
        return List.copyOf(found.values());
    }

    private static KadPeer better(KadPeer one, KadPeer other) {
        return one.addresses().isEmpty() ? other : one;
    }

    /// Tells the servers nearest to `key` that this node provides it.
    ///
    /// @return how many heard it
    int provide(byte[] key) throws InterruptedException {
        return inTurn(new Search(KadListener.Query.PROVIDE, key), 0, this::provide);
    }

    private int provide(Search search) throws InterruptedException {
        var key = search.key;
        search.run(new FindNode(key), _ -> false);
        var self = new KadPeer(host.self(), host.announced());
        int told = search.tellNearest(new AddProvider(key, List.of(self)));
        search.over(told > 0);
        return told;
    }

    /// What a query does when it is its turn.
    @FunctionalInterface
    private interface Work<T> {
        T with(Search search) throws InterruptedException;
    }

    private <T> T inTurn(Search search, T otherwise, Work<T> work) throws InterruptedException {
        if (!threads.acquire(turns, times.queryPatience())) {
            search.report(Outcome.REFUSED);
            return otherwise;
        }
        try {
            return work.with(search);
        } finally {
            turns.release();
        }
    }

    /// One query with its measure.
    private final class Search {
        private final KadListener.Query kind;
        private final byte[] key;
        private final long began = System.nanoTime();
        private List<KadPeer> nearest = List.of();
        private List<KadAnswer> answers = List.of();
        private boolean late;
        private int asked;

        Search(KadListener.Query kind, byte[] key) {
            this.kind = kind;
            this.key = key;
        }

        void run(KadRequest request, Predicate<KadAnswer> enough) throws InterruptedException {
            var target = KadKey.of(key);
            var query =
                    new Query(
                            new ClosestPeers(target, host.self(), PARALLEL, KadLimits.K),
                            peer -> askForMore(peer, request),
                            enough,
                            threads);
            query.run(seeds(target), times.queryPatience());
            nearest = query.nearest();
            answers = query.answers();
            late = query.isLate();
            asked = query.asked();
        }

        /// Sends `request` to everybody nearest; how many took it.
        int tellNearest(KadRequest request) throws InterruptedException {
            var closest = new ClosestPeers(KadKey.of(key), host.self(), KadLimits.K, KadLimits.K);
            var query = new Query(closest, peer -> tell(peer, request), _ -> false, threads);
            query.run(nearest, times.queryPatience());
            late |= query.isLate();
            return query.answers().size();
        }

        void over(boolean found) {
            report(found ? Outcome.FOUND : late ? Outcome.TIMEOUT : Outcome.NOT_FOUND);
        }

        private void report(Outcome outcome) {
            var took = Duration.ofNanos(System.nanoTime() - began);
            parts.tell(l -> l.onQuery(kind, outcome, took, asked));
        }

        List<KadPeer> nearest() {
            return nearest;
        }

        List<KadAnswer> answers() {
            return answers;
        }
    }

    private List<KadPeer> seeds(KadKey target) {
        return parts.table().nearest(target, KadLimits.K, host.self(), clock.instant()).stream()
                .map(member -> new KadPeer(member.id(), member.addresses()))
                .toList();
    }

    // --- one question

    /// Asks, and takes of what is named only what can be reached.
    private KadAnswer askForMore(KadPeer peer, KadRequest request)
            throws IOException, InterruptedException {
        var answer = ask(peer, request);
        return new KadAnswer(
                answer.type(), answer.record(), useful(answer.closer()), answer.providers());
    }

    private KadAnswer tell(KadPeer peer, KadRequest request)
            throws IOException, InterruptedException {
        var answer = ask(peer, request);
        return new KadAnswer(answer.type(), answer.record(), List.of(), List.of());
    }

    private List<KadPeer> useful(Collection<KadPeer> peers) {
        return peers.stream()
                .filter(peer -> !peer.id().equals(host.self()))
                .map(this::reachable)
                .filter(p -> !p.addresses().isEmpty() || host.connection(p.id()).isPresent())
                .limit(KadLimits.K)
                .toList();
    }

    private KadPeer reachable(KadPeer peer) {
        var addresses = PeerAddresses.worthKeeping(peer.id(), peer.addresses(), host.scope());
        return new KadPeer(peer.id(), addresses, peer.connection());
    }

    /// Puts one question to one peer; the routing table learns how that went.
    KadAnswer ask(KadPeer peer, KadRequest request) throws IOException, InterruptedException {
        long began = System.nanoTime();
        try {
            var connection = host.dial(peer.id(), peer.addresses());
            var answer = converse(peer.id(), connection, request);
            learn(peer.id(), connection);
            long payload = payload(request, answer);
            var took = Duration.ofNanos(System.nanoTime() - began);
            parts.tell(l -> l.onAnswered(peer.id(), request.type(), took));
            if (payload > 0) {
                parts.tell(l -> l.onExchange(peer.id(), payload));
            }
            return answer;
        } catch (IOException e) {
            // an interrupt is ours: the query has what it wanted, which says nothing of this peer
            if (!Thread.currentThread().isInterrupted()) {
                parts.table().failed(peer.id(), clock.instant());
                parts.alarm().release();
                parts.tell(l -> l.onUnanswered(peer.id(), request.type()));
            }
            throw e;
        }
    }

    private void learn(PeerId peer, Connection connection) {
        if (host.speaks(peer, parts.protocol())) {
            var addresses = PeerAddresses.worthKeeping(peer, host.addresses(peer), host.scope());
            Optional<InetAddress> from =
                    connection.isRelayed()
                            ? Optional.empty()
                            : Optional.of(connection.remoteSocket().getAddress());
            var verdict = parts.table().verified(Member.of(peer, addresses, from), clock.instant());
            if (verdict == RoutingTable.Verdict.ADMITTED && parts.table().size() == 1) {
                parts.alarm().release(); // there is somebody to look around with
            }
        }
    }

    private static long payload(KadRequest request, KadAnswer answer) {
        return switch (request) {
            case PutValue(var record) -> record.value().length;
            case AddProvider(var key, var _) -> key.length;
            default ->
                    answer.record().map(record -> (long) record.value().length).orElse(0L)
                            + answer.providers().size();
        };
    }

    /// True while a question to `peer` is under way, whose answer the routing table will learn of.
    boolean isAsking(PeerId peer) {
        return asking.containsKey(peer);
    }

    private KadAnswer converse(PeerId peer, Connection connection, KadRequest request)
            throws IOException {
        asking.merge(peer, 1, Integer::sum);
        try {
            return converse(connection, request);
        } finally {
            asking.computeIfPresent(peer, (_, n) -> n == 1 ? null : n - 1);
        }
    }

    private KadAnswer converse(Connection connection, KadRequest request) throws IOException {
        var stream = connection.open(parts.protocol());
        try {
            stream.deadline(times.peerPatience());
            stream.writeMessage(KadCodec.toBytes(request));
            if (request instanceof AddProvider) {
                stream.closeWrite();
                stream.atEnd(); // has no answer; that it is not reset says that it was read
                return new KadAnswer(request.type(), Optional.empty(), List.of(), List.of());
            }
            var answer = KadCodec.parseAnswer(stream.readMessage(LONGEST_ANSWER));
            if (answer.type() != request.type()) {
                throw new ProtocolViolation("a " + request.type() + " answered otherwise");
            }
            stream.closeWrite();
            return answer;
        } catch (IOException e) {
            stream.reset();
            throw e;
        }
    }
}
