// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.mdns.MdnsListener.Ignored;
import network.chiral.edge.libp2p.swarm.Threads;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

/// Finds the peers on the machine's links, and is found there.
///
/// One thread asks, and looks which links there are; one per link reads; each dial has its own.
/// `start` once, `stop` once.
public final class MdnsService {
    /// Before the second query (RFC 6762, 5.2).
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /// Every node of the link answers, so each waits 20 to 120 ms (RFC 6762, 6).
    private static final int SHORTEST_DELAY = 20;

    private static final int LONGEST_DELAY = 120;

    private static final String NAME_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// As long as the spec asks at least, as go-libp2p and rust-libp2p have it.
    private static final int NAME_LENGTH = 32;

    private record Open(MdnsLink link, AnswerTable answers) {}

    private final MdnsSettings settings;
    private final MdnsSurroundings around;
    private final Threads threads;
    private final Clock clock;
    private final RandomGenerator random = new SecureRandom();
    private final MdnsAnswers answers;
    private final MdnsTable table = new MdnsTable();
    private final Map<String, Open> links = new ConcurrentHashMap<>();
    private final List<MdnsListener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;
    private volatile @Nullable Thread asker;

    public MdnsService(
            MdnsSettings settings, MdnsSurroundings around, Threads threads, Clock clock) {
        this.settings = settings;
        this.around = around;
        this.threads = threads;
        this.clock = clock;
        this.answers = new MdnsAnswers(around.self(), peerName(random));
    }

    /// Means nothing and is another at each start, so that nobody is followed by it.
    private static String peerName(RandomGenerator random) {
        var name = new StringBuilder();
        while (name.length() < NAME_LENGTH) {
            name.append(NAME_LETTERS.charAt(random.nextInt(NAME_LETTERS.length())));
        }
        return name.toString();
    }

    public void addListener(MdnsListener listener) {
        listeners.add(listener);
    }

    public void start() {
        asker = threads.start("mdns", this::ask);
    }

    /// Says goodbye on every link and closes it.
    public synchronized void stop() {
        stopped = true;
        for (var open : links.values()) {
            answers.goodbye(suitable(open.link())).ifPresent(goodbye -> send(open, goodbye));
            close(open);
        }
        var thread = asker;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /// Peers known now.
    public int peers() {
        return table.size(clock.instant());
    }

    /// The links that are open now.
    public Set<String> links() {
        return Set.copyOf(links.keySet());
    }

    // --- asks

    private void ask() {
        var pause = FIRST_PAUSE;
        try {
            while (!stopped) {
                if (lookForLinks()) {
                    pause = FIRST_PAUSE; // nobody there has heard us yet
                }
                links.values().forEach(open -> send(open, MdnsAnswers.query()));
                threads.sleep(pause.plusMillis(random.nextInt(LONGEST_DELAY)));
                pause = pause.multipliedBy(2);
                pause = pause.compareTo(settings.interval()) > 0 ? settings.interval() : pause;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stopped
        }
    }

    /// Closes the links that have changed or gone, and opens those that are new; true for some.
    private synchronized boolean lookForLinks() {
        links.values().stream().filter(open -> open.link().isStale()).forEach(this::close);
        if (stopped) {
            return false;
        }
        var found = around.openLinks(links());
        for (var link : found) {
            var open = new Open(link, new AnswerTable());
            links.put(link.name(), open);
            threads.start("mdns " + link.name(), () -> listen(open));
        }
        return !found.isEmpty();
    }

    private void close(Open open) {
        links.remove(open.link().name(), open);
        open.link().close();
    }

    // --- hears

    private void listen(Open open) {
        try {
            while (!stopped) {
                hear(open, open.link().receive());
            }
        } catch (IOException e) {
            // closed, or the interface is gone: if it comes back, it is found again
        } finally {
            close(open);
        }
    }

    private void hear(Open open, MdnsLink.Packet packet) {
        if (!open.link().isOnLink(packet.source().getAddress())) {
            ignore(Ignored.OFF_LINK);
            return;
        }
        try {
            var message = MdnsCodec.parse(packet.bytes());
            if (message.response()) {
                MdnsFindings.of(message, around.scope()).forEach(this::found);
            } else {
                answer(open, message, packet.source());
            }
        } catch (MalformedMessage e) {
            ignore(Ignored.MALFORMED);
        }
    }

    private void found(FoundPeer peer) {
        if (peer.peer().equals(around.self())) {
            return; // our own answer, which we hear too
        }
        if (peer.addresses().isEmpty()) {
            ignore(Ignored.NO_ADDRESS);
            return;
        }
        var heard = table.heard(peer, around.isConnected(peer.peer()), clock.instant());
        if (heard.isNew()) {
            tell(listener -> listener.onFound(peer));
        }
        switch (heard.verdict()) {
            case DIAL -> threads.start("mdns dial", () -> dial(peer));
            case REST -> {
                // nothing to do
            }
            case TOO_MANY_PEERS -> ignore(Ignored.TOO_MANY_PEERS);
            case TOO_MANY_DIALS -> ignore(Ignored.TOO_MANY_DIALS);
        }
    }

    private void dial(FoundPeer peer) {
        try {
            boolean reached = around.dial(peer);
            tell(listener -> listener.onDialled(peer, reached));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stopped
        }
    }

    // --- answers

    private void answer(Open open, MdnsMessage query, InetSocketAddress asker) {
        var asked = answers.asked(query);
        if (asked.isEmpty()) {
            return;
        }
        boolean legacy = asker.getPort() != MdnsLink.PORT;
        var now = clock.instant();
        // where others' memory of us is old, all hear it again (RFC 6762, 5.4)
        boolean alone =
                query.wantsUnicast()
                        && open.answers().answeredWithin(MdnsAnswers.TTL.dividedBy(4), now);
        if ((legacy || alone) && open.answers().takeUnicast(now)) {
            answers.answerTo(query, legacy, asked, suitable(open.link()))
                    .ifPresent(message -> sendTo(open, message, asker));
        }
        if (!alone) { // rust-libp2p asks from a port that it does not read
            var delay = Duration.ofMillis(random.nextInt(SHORTEST_DELAY, LONGEST_DELAY));
            open.answers()
                    .ask(asked, delay, now)
                    .ifPresent(wait -> threads.start("mdns answer", () -> answerAll(open, wait)));
        }
    }

    private void answerAll(Open open, Duration wait) {
        try {
            threads.sleep(wait);
            var asked = open.answers().take(clock.instant());
            if (!stopped) {
                answers.answer(asked, suitable(open.link()))
                        .ifPresent(message -> send(open, message));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stopped
        }
    }

    /// What is told on a link: addresses of that link, in scope. A link-local IPv6 address means nothing
    /// without the name of an interface, which is each machine's own.
    private List<Multiaddr> suitable(MdnsLink link) {
        var own = link.addresses();
        return around.listening().stream()
                .filter(around.scope()::allows)
                .filter(address ->
                        address.ip()
                                .filter(ip -> own.contains(ip))
                                .filter(ip ->
                                        !(ip instanceof Inet6Address && ip.isLinkLocalAddress()))
                                .isPresent())
                .toList();
    }

    private void send(Open open, MdnsMessage message) {
        try {
            open.link().multicast(MdnsCodec.toBytes(message));
            tell(listener -> listener.onSent(message.response()));
        } catch (IOException e) {
            close(open); // looked for again before the next query
        }
    }

    private void sendTo(Open open, MdnsMessage message, InetSocketAddress asker) {
        try {
            open.link().unicast(MdnsCodec.toBytes(message), asker);
            tell(listener -> listener.onSent(true));
        } catch (IOException e) {
            // the asker is gone
        }
    }

    private void ignore(Ignored why) {
        tell(listener -> listener.onIgnored(why));
    }

    private void tell(Consumer<MdnsListener> what) {
        listeners.forEach(what);
    }
}
