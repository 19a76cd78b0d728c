// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatListener.Fault;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatListener.Served;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialDataRequest;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialDataResponse;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialRequest;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialResponse;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.DialException;
import network.chiral.edge.libp2p.swarm.FreshDialer;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.swarm.Threads;

/// Dials one address of a client that asks for it, brings its nonce back, and says what came of it
/// (autonat-v2.md).
public final class AutoNatV2Server {
    public static final ProtocolId DIAL_REQUEST = new ProtocolId("/libp2p/autonat/2/dial-request");
    public static final ProtocolId DIAL_BACK = new ProtocolId("/libp2p/autonat/2/dial-back");

    /// For a whole request (go-libp2p's streamTimeout).
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    /// The bytes asked for before another IP is dialled (autonat-v2.md: 30k to 100k).
    static final int MIN_DIAL_DATA = 30_000;

    static final int MAX_DIAL_DATA = 100_000;

    /// A chunk that is shorter and not the last one makes more work than it costs (go-libp2p).
    static final int MIN_CHUNK = 100;

    /// For the nonce to go and the answer to come (go-libp2p's dialBackStreamTimeout).
    private static final Duration DIAL_BACK_PATIENCE = Duration.ofSeconds(5);

    private final AutoNatLimits limits;
    private final DialBackPolicy policy;
    private final AutoNatNames names;
    private final FreshDialer dialer;
    private final RequestTable requests;
    private final RequestTable dataRequests;
    private final RandomGenerator random;
    private final Threads threads;
    private final Clock clock;
    private final List<AutoNatListener> listeners = new CopyOnWriteArrayList<>();

    /// What others do for this server.
    ///
    /// @param names resolves names in addresses
    /// @param dialer dials back
    /// @param random chooses how many bytes are asked for and how long a pause is; nobody's secret
    public record Helpers(
            AutoNatNames names,
            FreshDialer dialer,
            RandomGenerator random,
            Threads threads,
            Clock clock) {}

    public AutoNatV2Server(AutoNatLimits limits, DialBackPolicy policy, Helpers helpers) {
        this.limits = limits;
        this.policy = policy;
        this.names = helpers.names();
        this.dialer = helpers.dialer();
        this.random = helpers.random();
        this.threads = helpers.threads();
        this.clock = helpers.clock();
        this.requests =
                new RequestTable(
                        limits.requests(), limits.requestsPerPeer(), AutoNatLimits.AT_ONCE);
        this.dataRequests =
                new RequestTable(
                        limits.dialDataRequests(),
                        limits.dialDataRequests(),
                        limits.dialDataRequests());
    }

    public void addListener(AutoNatListener listener) {
        listeners.add(listener);
    }

    /// The address that will be dialled.
    ///
    /// @param index in the client's list
    /// @param asked as the client spelt it
    /// @param target the IP and port that are dialled
    private record Choice(int index, Multiaddr asked, Multiaddr target) {}

    /// Answers one dial-request stream.
    public void onStream(Stream stream) throws IOException, InterruptedException {
        var peer = stream.remotePeer();
        if (requests.begin(peer, clock.instant()) != RequestTable.Verdict.TAKEN) {
            answer(stream, AutoNatV2Status.E_REQUEST_REJECTED, false);
            return;
        }
        try {
            serve(stream, clock.instant().plus(PATIENCE));
        } finally {
            requests.end(peer);
        }
    }

    private void serve(Stream stream, Instant deadline) throws IOException, InterruptedException {
        var request = request(stream);
        var choice = choose(request.addresses(), stream.remotePeer());
        if (choice.isEmpty()) {
            answer(stream, AutoNatV2Status.E_DIAL_REFUSED, false);
            return;
        }
        var chosen = choice.get();
        boolean foreign = isForeign(stream.connection(), chosen);
        if (foreign && !takeDialData(stream.remotePeer())) {
            answer(stream, AutoNatV2Status.E_REQUEST_REJECTED, true);
            return;
        }
        if (foreign) {
            collect(stream, chosen);
            threads.sleep(pause());
        }
        var status = dialBack(stream.remotePeer(), chosen.target(), request.nonce(), deadline);
        var response = new DialResponse(AutoNatV2Status.OK, chosen.index(), status);
        stream.writeMessage(AutoNatV2Codec.toBytes(response));
        tell(
                new Served(
                        Fault.NONE,
                        AutoNatV2Status.OK,
                        status,
                        foreign,
                        Optional.of(chosen.asked())));
    }

    private void answer(Stream stream, AutoNatV2Status status, boolean dialData)
            throws IOException {
        tell(new Served(Fault.NONE, status, DialStatus.UNUSED, dialData, Optional.empty()));
        stream.writeMessage(AutoNatV2Codec.toBytes(DialResponse.without(status)));
    }

    /// A stream that does not begin with a request that can be read is reset, as go-libp2p has it.
    private DialRequest request(Stream stream) throws IOException {
        try {
            var message = AutoNatV2Codec.parse(stream.readMessage(AutoNatV2Message.MAX_LENGTH));
            if (message instanceof DialRequest request) {
                return request;
            }
            throw new ProtocolViolation("a dial-request stream opens with a request");
        } catch (IOException e) {
            tell(fault(Fault.BAD_REQUEST, Optional.empty()));
            throw e;
        }
    }

    // --- what to dial

    /// The first address that may be dialled. One name at most is resolved for it: a list of names is
    /// no way to make this node ask name servers.
    private Optional<Choice> choose(List<Optional<Multiaddr>> addresses, PeerId client)
            throws InterruptedException {
        boolean resolved = false;
        for (int i = 0; i < addresses.size(); i++) {
            var plain = addresses.get(i).flatMap(address -> policy.plain(address, client));
            if (plain.isEmpty()) {
                continue;
            }
            var asked = plain.get();
            if (asked.dnsName().isEmpty()) {
                return Optional.of(new Choice(i, asked, asked));
            }
            if (!resolved) {
                resolved = true;
                var target = resolve(asked);
                if (target.isPresent()) {
                    return Optional.of(new Choice(i, asked, target.get()));
                }
            }
        }
        return Optional.empty();
    }

    /// Where a name leads, if each of its addresses may be dialled: the one that is dialled is among
    /// those that were looked at, so a name cannot say one thing now and another later.
    private Optional<Multiaddr> resolve(Multiaddr named) throws InterruptedException {
        var found = names.resolve(named);
        boolean all = found.stream().allMatch(one -> one.ip().map(policy::allows).orElse(false));
        return all ? found.stream().findFirst() : Optional.empty();
    }

    /// True where the dial may hit somebody else than the client: another IP than the one it is seen
    /// at, or one that is not seen because a relay is between.
    private static boolean isForeign(Connection connection, Choice choice) {
        return connection.isRelayed()
                || !choice.target()
                        .ip()
                        .map(ip -> ip.equals(connection.remoteSocket().getAddress()))
                        .orElse(false);
    }

    // --- the price of dialling another IP

    private boolean takeDialData(PeerId peer) {
        boolean taken = dataRequests.begin(peer, clock.instant()) == RequestTable.Verdict.TAKEN;
        if (taken) {
            dataRequests.end(peer); // only the rate counts; the request itself is counted elsewhere
        }
        return taken;
    }

    private void collect(Stream stream, Choice choice) throws IOException {
        int wanted = random.nextInt(MIN_DIAL_DATA, MAX_DIAL_DATA + 1);
        try {
            stream.writeMessage(
                    AutoNatV2Codec.toBytes(new DialDataRequest(choice.index(), wanted)));
            for (int missing = wanted; missing > 0; ) {
                missing -= chunk(stream, missing);
            }
        } catch (IOException e) {
            tell(fault(Fault.DIAL_DATA_REFUSED, Optional.of(choice.asked())));
            throw e;
        }
    }

    private static int chunk(Stream stream, int missing) throws IOException {
        var message = AutoNatV2Codec.parse(stream.readMessage(AutoNatV2Message.MAX_LENGTH));
        if (!(message instanceof DialDataResponse(var length))) {
            throw new ProtocolViolation("dial data was asked for, this came: " + message);
        }
        if (length > AutoNatV2Message.MAX_CHUNK) {
            throw new ProtocolViolation("a chunk of " + length + " bytes");
        }
        if (length < MIN_CHUNK && length < missing) {
            throw new ProtocolViolation("a chunk of " + length + " bytes with more to come");
        }
        return length;
    }

    private Duration pause() {
        return Duration.ofMillis(random.nextLong(limits.dialDataPause().toMillis() + 1));
    }

    // --- the dial

    private DialStatus dialBack(PeerId client, Multiaddr target, long nonce, Instant deadline)
            throws IOException, InterruptedException {
        var left = Duration.between(clock.instant(), deadline);
        if (left.toMillis() < 1) {
            tell(fault(Fault.OTHER, Optional.of(target)));
            throw new IOException("no time is left to dial");
        }
        var patience = left.compareTo(limits.dialPatience()) < 0 ? left : limits.dialPatience();
        Connection fresh;
        try {
            fresh = dialer.dialFresh(client, target, patience);
        } catch (DialException e) {
            return DialStatus.E_DIAL_ERROR;
        }
        try {
            return deliver(fresh, nonce) ? DialStatus.OK : DialStatus.E_DIAL_BACK_ERROR;
        } catch (IOException e) {
            return DialStatus.E_DIAL_BACK_ERROR;
        } finally {
            fresh.close();
        }
    }

    /// Sends the nonce and waits for the word that it has come; without waiting, closing the connection
    /// would overtake it.
    private static boolean deliver(Connection fresh, long nonce) throws IOException {
        var stream = fresh.open(DIAL_BACK);
        stream.deadline(DIAL_BACK_PATIENCE);
        stream.writeMessage(AutoNatV2Codec.dialBack(nonce));
        stream.closeWrite();
        return AutoNatV2Codec.isDialBackOk(stream.readMessage(AutoNatV2Codec.MAX_DIAL_BACK));
    }

    private static Served fault(Fault fault, Optional<Multiaddr> address) {
        return new Served(
                fault,
                AutoNatV2Status.E_INTERNAL_ERROR,
                DialStatus.UNUSED,
                fault == Fault.DIAL_DATA_REFUSED,
                address);
    }

    private void tell(Served request) {
        listeners.forEach(listener -> listener.onServed(request));
    }
}
