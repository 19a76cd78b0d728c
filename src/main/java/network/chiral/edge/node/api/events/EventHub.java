// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.events;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import network.chiral.edge.libp2p.swarm.Threads;
import org.jboss.logging.Logger;

/// Hands events to those who listen, as server-sent events.
///
/// Whoever publishes only puts something into a queue, and not even that while nobody listens: it may be
/// an event loop. A thread that exists while somebody listens sends them on, four times a second.
final class EventHub {
    private static final Logger LOG = Logger.getLogger(EventHub.class);

    /// Connections kept open for it: some browsers and a script.
    static final int MAX_LISTENERS = 16;

    /// Between two looks at the queue, some 4,000 a second; more are counted and not told.
    static final int MAX_QUEUED = 1_024;

    static final Duration TICK = Duration.ofMillis(250);
    private static final int TICKS_PER_STATUS = 4;
    private static final int TICKS_PER_HEARTBEAT = 60; // 15 s

    /// Kinds of events.
    static final Set<String> TOPICS =
            Set.of("status", "reconnect", "refusal", "reservation", "circuit", "peer", "lost");

    private static final String HEARTBEAT = ": still here\n\n";

    private record Event(String topic, JsonObject data) {}

    private static final class Member {
        final Listener listener;
        final Set<String> topics;
        int quiet; // ticks; touched by the thread

        Member(Listener listener, Set<String> topics) {
            this.listener = listener;
            this.topics = topics;
        }
    }

    private final Threads threads;
    private final Supplier<JsonObject> status;
    private final ArrayBlockingQueue<Event> queue = new ArrayBlockingQueue<>(MAX_QUEUED);
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final AtomicInteger lost = new AtomicInteger();
    private boolean running; // guarded by this
    private boolean stopped; // guarded by this

    /// @param status what a `status` event says; asked at most once a second
    EventHub(Threads threads, Supplier<JsonObject> status) {
        this.threads = threads;
        this.status = status;
    }

    /// False while an event would go nowhere.
    boolean isHeard() {
        return !members.isEmpty();
    }

    int listeners() {
        return members.size();
    }

    /// Tells those who listen; without waiting, and without asking for `data` where nobody does.
    void publish(String topic, Supplier<JsonObject> data) {
        if (isHeard() && !queue.offer(new Event(topic, data.get()))) {
            lost.incrementAndGet();
        }
    }

    /// Tells `listener` of `topics` from now on; false where there are too many already.
    synchronized boolean join(Listener listener, Set<String> topics) {
        if (stopped || members.size() >= MAX_LISTENERS) {
            return false;
        }
        members.add(new Member(listener, Set.copyOf(topics)));
        if (!running) {
            running = true;
            threads.start("admin-events", this::run);
        }
        return true;
    }

    /// `listener` is gone.
    void leave(Listener listener) {
        members.removeIf(member -> member.listener.equals(listener));
    }

    /// Ends all who listen; others may come.
    void endAll() {
        var all = List.copyOf(members);
        members.removeAll(all);
        all.forEach(member -> member.listener.end());
    }

    /// Ends all who listen, for good.
    void stop() {
        synchronized (this) {
            stopped = true;
        }
        endAll();
    }

    private void run() {
        try {
            for (int tick = 0; goesOn(); tick++) {
                tick(tick);
                threads.sleep(TICK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed();
        } catch (RuntimeException e) {
            LOG.error("The events of the admin API failed", e);
            failed();
        }
    }

    /// Who listens comes back, and that starts another thread.
    private void failed() {
        synchronized (this) {
            running = false;
        }
        endAll();
    }

    private synchronized boolean goesOn() {
        running = isHeard();
        if (!running) {
            queue.clear();
            lost.set(0);
        }
        return running;
    }

    /// Sends what has come since the last one.
    void tick(int number) {
        if (number % TICKS_PER_STATUS == 0) {
            send("status", status.get());
        }
        var events = new ArrayList<Event>();
        queue.drainTo(events);
        events.forEach(event -> send(event.topic(), event.data()));
        int missed = lost.getAndSet(0);
        if (missed > 0) {
            send("lost", new JsonObject().put("events", missed));
        }
        for (var member : members) {
            if (++member.quiet >= TICKS_PER_HEARTBEAT) {
                give(member, Buffer.buffer(HEARTBEAT));
            }
        }
    }

    private void send(String topic, JsonObject data) {
        var text = Buffer.buffer("event: " + topic + "\ndata: " + data.encode() + "\n\n");
        for (var member : members) {
            if (member.topics.contains(topic)) {
                give(member, text);
            }
        }
    }

    private void give(Member member, Buffer text) {
        member.quiet = 0;
        if (!member.listener.take(text)) {
            members.remove(member);
            member.listener.end();
        }
    }
}
