// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.relay.client.ReservationRefused.Why;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.SwarmListener;
import network.chiral.edge.libp2p.swarm.Threads;
import org.jspecify.annotations.Nullable;

/// Keeps slots at relays: asks for them, renews them, and goes to another relay when one is gone.
///
/// One virtual thread sleeps until something is due; what happens to a relay is acted on at once.
public final class ReservationKeeper implements SwarmListener {
    /// Between two looks at what is due, however much happens.
    private static final Duration STEP = Duration.ofSeconds(1);

    /// The longest sleep.
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(5);

    /// Between two searches for more relays (Chiral's AutoRelay asks the DHT every 5 min).
    private static final Duration SEARCH_PAUSE = Duration.ofMinutes(5);

    /// Between two searches while there is not one slot.
    private static final Duration URGENT_SEARCH_PAUSE = Duration.ofSeconds(15);

    private final RelayClient client;
    private final RelayClient.Network network;
    private final RelayTable table;
    private final List<Supplier<List<RelayCandidate>>> finders;
    private final Surroundings surroundings;
    private final Semaphore alarm = new Semaphore(0); // something may be due sooner than it was
    private final List<EdgeListener> listeners = new CopyOnWriteArrayList<>();

    // guarded by this
    private @Nullable Thread loop;
    private boolean searching;
    private Instant searched = Instant.MIN;
    private List<Multiaddr> announced = List.of();

    /// Threads, time and chance, so that a simulation can be all three.
    public record Surroundings(Threads threads, Clock clock, RandomGenerator random) {}

    /// @param wanted slots to hold
    /// @param finders where relays are heard of, in the order of trust; asked on a thread of their own
    public ReservationKeeper(
            RelayClient client,
            RelayClient.Network network,
            int wanted,
            List<Supplier<List<RelayCandidate>>> finders,
            Surroundings surroundings) {
        this.client = client;
        this.network = network;
        this.table = new RelayTable(wanted);
        this.finders = new CopyOnWriteArrayList<>(finders);
        this.surroundings = surroundings;
    }

    public void addListener(EdgeListener listener) {
        listeners.add(listener);
    }

    /// One more place to hear of relays, less trusted than those before.
    public void addFinder(Supplier<List<RelayCandidate>> finder) {
        finders.add(finder);
    }

    private Instant now() {
        return surroundings.clock().instant();
    }

    private double jitter() {
        return surroundings.random().nextDouble();
    }

    // --- on and off

    /// Begins to look for slots; without effect where it has begun.
    public synchronized void start() {
        if (loop == null) {
            searched = Instant.MIN;
            loop = surroundings.threads().start("edge", this::run);
        }
    }

    /// Gives all slots up. The relays forget them when they end, or with the connection.
    public void stop() {
        synchronized (this) {
            if (loop == null) {
                return;
            }
            loop.interrupt();
            loop = null;
        }
        table.clear();
        tellIfChanged();
    }

    public synchronized boolean isRunning() {
        return loop != null;
    }

    private void run() {
        try {
            while (isRunning()) {
                alarm.drainPermits();
                var looked = now();
                search();
                act();
                tellIfChanged(); // a slot may have ended by itself
                surroundings.threads().sleep(STEP);
                var now = now();
                var due = nextDue(looked, now);
                if (due.isAfter(now)) {
                    surroundings.threads().acquire(alarm, Duration.between(now, due));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @param looked when what was due was last acted on
    private Instant nextDue(Instant looked, Instant now) {
        var next = now.plus(LONGEST_SLEEP);
        var due = table.nextDue(looked);
        next = due.isBefore(next) ? due : next;
        synchronized (this) {
            if (!searching && table.isShort(now)) {
                var search = searched.plus(searchPause());
                next = search.isBefore(next) ? search : next;
            }
        }
        return next;
    }

    private Duration searchPause() {
        return reservations().isEmpty() ? URGENT_SEARCH_PAUSE : SEARCH_PAUSE;
    }

    // --- what is known

    /// The slots held now.
    public List<Reservation> reservations() {
        return table.held(now());
    }

    /// The circuit addresses under which this node is reached, without its own peer id.
    public List<Multiaddr> addresses() {
        var held = reservations();
        return held.isEmpty()
                ? List.of()
                : held.stream()
                        .flatMap(reservation -> reservation.circuits().stream())
                        .distinct()
                        .toList();
    }

    /// True where a slot is held at `relay`, or being asked for.
    public boolean isReserved(PeerId relay) {
        return table.isReserved(relay, now());
    }

    // --- told by the host

    /// A peer has said what it speaks, or says it anew.
    ///
    /// @param isRelay whether it gives slots
    /// @param addresses where it says it listens
    public void onIdentified(Connection connection, boolean isRelay, List<Multiaddr> addresses) {
        var peer = connection.remotePeer();
        if (!isRelay) {
            leave(peer);
            return;
        }
        if (connection.isRelayed()) {
            return;
        }
        var known =
                connection.direction() == Connection.Direction.OUTBOUND
                        ? List.of(connection.remoteAddress())
                        : addresses;
        table.offer(new RelayCandidate(peer, known, RelayCandidate.Source.CONNECTED));
        actSoon();
    }

    @Override
    public void onDisconnected(Connection connection, boolean last, String reason) {
        if (last) {
            leave(connection.remotePeer());
        }
    }

    /// A relay that is about to stop says so first; its slot will not be renewed.
    @Override
    public void onGoAway(Connection connection) {
        if (!connection.isRelayed()) {
            leave(connection.remotePeer());
        }
    }

    private void leave(PeerId relay) {
        if (table.lost(relay, now(), jitter())) {
            tell(listener -> listener.onLost(relay));
            tellIfChanged();
            actSoon();
        }
    }

    private void actSoon() {
        alarm.release();
        if (isRunning()) {
            surroundings.threads().start("edge", this::act);
        }
    }

    // --- at work

    private void search() {
        synchronized (this) {
            boolean due =
                    searched.equals(Instant.MIN) || !now().isBefore(searched.plus(searchPause()));
            if (searching || !due || !searched.equals(Instant.MIN) && !table.isShort(now())) {
                return;
            }
            searching = true;
            searched = now();
        }
        surroundings.threads().start("edge-search", this::find);
    }

    private void find() {
        try {
            for (var finder : finders) {
                finder.get().forEach(table::offer);
                act(); // who was found first is asked first
                if (!table.isShort(now())) {
                    return;
                }
            }
        } finally {
            synchronized (this) {
                searching = false;
            }
            alarm.release();
        }
    }

    private void act() {
        if (!isRunning()) {
            return;
        }
        for (var ask : table.next(now())) {
            surroundings.threads().start("edge-reserve", () -> ask(ask));
        }
    }

    private void ask(RelayTable.Ask ask) {
        var relay = ask.relay().peer();
        try {
            var connection = network.dial(relay, ask.relay().addresses());
            var reservation = client.reserve(connection);
            if (!isRunning()) {
                return;
            }
            table.granted(relay, reservation, now());
            alarm.release();
            tell(listener -> listener.onReserved(reservation, ask.renewal()));
            if (!connection.isOpen() || connection.isLeaving()) { // before there was a slot to lose
                leave(relay);
            }
            tellIfChanged();
        } catch (ReservationRefused e) {
            refused(ask, e);
        } catch (IOException e) {
            refused(ask, new ReservationRefused(Why.UNREACHABLE, String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refused(ask, new ReservationRefused(Why.UNREACHABLE, "interrupted"));
        }
    }

    private void refused(RelayTable.Ask ask, ReservationRefused why) {
        var relay = ask.relay().peer();
        table.refused(relay, why.why(), now(), jitter());
        alarm.release();
        tell(listener -> listener.onRefused(relay, why, ask.renewal()));
        act(); // somebody else
    }

    private void tellIfChanged() {
        var latest = addresses();
        synchronized (this) {
            if (announced.equals(latest)) {
                return;
            }
            announced = latest;
        }
        tell(EdgeListener::onAddressesChanged);
    }

    private void tell(Consumer<EdgeListener> event) {
        listeners.forEach(event);
    }
}
