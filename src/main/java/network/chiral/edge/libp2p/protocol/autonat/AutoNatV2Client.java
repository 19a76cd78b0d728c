// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialDataRequest;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialDataResponse;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialRequest;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialResponse;
import network.chiral.edge.libp2p.protocol.autonat.ProbeOutcome.Failed;
import network.chiral.edge.libp2p.protocol.autonat.ProbeOutcome.Reached;
import network.chiral.edge.libp2p.protocol.autonat.ProbeOutcome.Refused;
import network.chiral.edge.libp2p.protocol.autonat.ProbeOutcome.Unreached;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.swarm.Threads;

/// Asks a server to dial this node, and waits for the nonce that proves it (autonat-v2.md).
public final class AutoNatV2Client {
    /// Addresses of one question (go-libp2p's maxAddrsPerRequest).
    static final int MAX_ADDRESSES = 10;

    /// For a whole question; a server may take 15 s and pause before.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// For a nonce that the server says it has brought.
    private static final Duration NONCE_PATIENCE = Duration.ofSeconds(5);

    private static final Duration NONCE_STEP = Duration.ofMillis(50);

    private final RandomGenerator random;
    private final Threads threads;
    private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();

    /// A nonce that is out.
    private static final class Waiting {
        private volatile Optional<Connection> arrivedOn = Optional.empty();
    }

    /// @param random makes nonces, which nobody may guess
    public AutoNatV2Client(RandomGenerator random, Threads threads) {
        this.random = random;
        this.threads = threads;
    }

    /// Questions under way now.
    int waiting() {
        return waiting.size();
    }

    // --- the nonce comes back

    /// Answers one dial-back stream. Only the nonce says which question it belongs to: a server may dial
    /// back under another peer id.
    public void onDialBack(Stream stream) throws IOException {
        long nonce = AutoNatV2Codec.parseDialBack(stream.readMessage(AutoNatV2Codec.MAX_DIAL_BACK));
        var question = waiting.get(nonce);
        if (question == null) {
            throw new ProtocolViolation("a nonce that nobody waits for");
        }
        question.arrivedOn = Optional.of(stream.connection());
        stream.writeMessage(AutoNatV2Codec.dialBackResponse());
    }

    // --- the question

    /// Asks the other side of `server` for one of `addresses`, best first, at most [#MAX_ADDRESSES].
    public ProbeOutcome probe(Connection server, List<Multiaddr> addresses)
            throws InterruptedException {
        var asked = fitting(addresses);
        var question = new Waiting();
        long nonce;
        do {
            nonce = random.nextLong();
        } while (waiting.putIfAbsent(nonce, question) != null);
        try {
            var stream = server.open(AutoNatV2Server.DIAL_REQUEST);
            try {
                var response = converse(stream, asked, nonce);
                stream.closeWrite();
                return outcome(response, asked, question);
            } catch (IOException e) {
                stream.reset();
                throw e;
            }
        } catch (IOException e) {
            return new Failed(String.valueOf(e.getMessage()));
        } finally {
            waiting.remove(nonce);
        }
    }

    /// As many as fit into the message that the smallest server takes.
    private static List<Multiaddr> fitting(List<Multiaddr> addresses) {
        for (int count = Math.min(MAX_ADDRESSES, addresses.size()); ; count--) {
            var listed = addresses.subList(0, count);
            var request = new DialRequest(listed.stream().map(Optional::of).toList(), 0);
            if (AutoNatV2Codec.toBytes(request).length <= AutoNatV2Message.MAX_SENT) {
                return listed;
            }
        }
    }

    private DialResponse converse(Stream stream, List<Multiaddr> asked, long nonce)
            throws IOException {
        stream.deadline(PATIENCE);
        var request = new DialRequest(asked.stream().map(Optional::of).toList(), nonce);
        stream.writeMessage(AutoNatV2Codec.toBytes(request));
        var answer = AutoNatV2Codec.parse(stream.readMessage(AutoNatV2Message.MAX_LENGTH));
        if (answer instanceof DialDataRequest(var index, var bytes)) {
            pay(stream, index, bytes, asked.size());
            answer = AutoNatV2Codec.parse(stream.readMessage(AutoNatV2Message.MAX_LENGTH));
        }
        if (answer instanceof DialResponse response) {
            return response;
        }
        throw new ProtocolViolation("a server answers with a response, not " + answer);
    }

    /// Sends what the server wants, if it is not more than the specification has it ask for.
    private static void pay(Stream stream, int index, long bytes, int asked) throws IOException {
        if (index >= asked) {
            throw new ProtocolViolation("dial data for an address that was not asked for");
        }
        if (Long.compareUnsigned(bytes, AutoNatV2Server.MAX_DIAL_DATA) > 0) {
            throw new ProtocolViolation(
                    "the server asks for " + Long.toUnsignedString(bytes) + " bytes");
        }
        for (long left = bytes; left > 0; ) {
            int length = (int) Math.min(left, AutoNatV2Message.MAX_CHUNK);
            stream.writeMessage(AutoNatV2Codec.toBytes(new DialDataResponse(length)));
            left -= length;
        }
    }

    private ProbeOutcome outcome(DialResponse response, List<Multiaddr> asked, Waiting question)
            throws InterruptedException {
        return switch (response.status()) {
            case E_DIAL_REFUSED -> new Refused();
            case E_REQUEST_REJECTED -> new Failed("the server rejects the request");
            case E_INTERNAL_ERROR -> new Failed("the server has an internal error");
            case OK ->
                    response.index() < asked.size()
                            ? outcome(response.dialStatus(), asked.get(response.index()), question)
                            : new Failed("the server names an address that was not asked for");
        };
    }

    private ProbeOutcome outcome(DialStatus status, Multiaddr address, Waiting question)
            throws InterruptedException {
        return switch (status) {
            case OK -> {
                awaitNonce(question);
                yield proven(question, address, "but brought no nonce");
            }
            // the nonce counts, whatever the server makes of it
            case E_DIAL_BACK_ERROR -> proven(question, address, "and could not bring the nonce");
            case E_DIAL_ERROR -> new Unreached(Optional.of(address));
            case UNUSED -> new Failed("the server says nothing of its dial");
        };
    }

    private void awaitNonce(Waiting question) throws InterruptedException {
        for (var waited = Duration.ZERO;
                question.arrivedOn.isEmpty() && waited.compareTo(NONCE_PATIENCE) < 0;
                waited = waited.plus(NONCE_STEP)) {
            threads.sleep(NONCE_STEP);
        }
    }

    private static ProbeOutcome proven(Waiting question, Multiaddr address, String fault) {
        var connection = question.arrivedOn;
        if (connection.isEmpty()) {
            return new Failed("the server says it reached " + address + " " + fault);
        }
        return arrivedAt(connection.get(), address)
                ? new Reached(Optional.of(address))
                : new Failed("the nonce came another way than over " + address);
    }

    /// Whether a connection can be the one that a dial to `address` makes. Behind a NAT IP and port are
    /// others here than there, so it is the direction and the IP's family that are compared.
    private static boolean arrivedAt(Connection connection, Multiaddr address) {
        if (connection.isRelayed() || connection.direction() != Connection.Direction.INBOUND) {
            return false;
        }
        return connection
                .localSocket()
                .map(socket -> isOfFamily(address, socket.getAddress()))
                .orElse(false);
    }

    private static boolean isOfFamily(Multiaddr address, InetAddress local) {
        boolean four = local instanceof Inet4Address;
        return switch (address.parts().getFirst().protocol()) {
            case IP4, DNS4 -> four;
            case IP6, DNS6 -> !four;
            default -> true;
        };
    }
}
