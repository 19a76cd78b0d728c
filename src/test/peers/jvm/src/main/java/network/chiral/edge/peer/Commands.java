// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.libp2p.core.Connection;
import io.libp2p.core.multiformats.Multiaddr;
import io.libp2p.core.multistream.ProtocolBinding;
import io.libp2p.protocol.Identify;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The driver's commands. */
final class Commands {
    private static final long PATIENCE_SECONDS = 25;
    private static final int CHUNK = 16 * 1024;

    private final Node node;

    Commands(Node node) {
        this.node = node;
    }

    ObjectNode run(JsonNode command) throws Exception {
        return switch (command.path("cmd").asText()) {
            case "connect" -> connect(command.path("addr").asText());
            case "reserve" -> reserve(command.path("addr").asText());
            case "ping" -> ping(peer(command), command.path("count").asInt(1));
            case "identify" -> identify(peer(command));
            case "echo" -> echo(peer(command), command.path("bytes").asInt());
            case "disconnect" -> disconnect(peer(command));
            case "peers" -> peers();
            default -> throw new IllegalArgumentException("unknown command " + command);
        };
    }

    private Connection peer(JsonNode command) {
        return node.connection(command.path("peer").asText());
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static <T> T open(Connection connection, ProtocolBinding<T> protocol) throws Exception {
        var stream = connection.muxerSession().createStream(protocol);
        await(stream.getStream());
        return await(stream.getController());
    }

    private ObjectNode connect(String address) throws Exception {
        var connection = await(node.connect(new Multiaddr(address)));
        return Peer.JSON
                .createObjectNode()
                .put("peer", connection.secureSession().getRemoteId().toBase58())
                .put("addr", connection.remoteAddress().toString())
                .put("limited", Node.isCircuit(connection))
                .put("direction", connection.isInitiator() ? "outbound" : "inbound");
    }

    private ObjectNode reserve(String relay) throws Exception {
        var hop = await(node.hop().dial(node.host(), new Multiaddr(relay)).getController());
        var reservation = await(hop.reserve());
        return Peer.JSON
                .createObjectNode()
                .put("expire", reservation.expiry.toEpochSecond(ZoneOffset.UTC))
                .put("voucher", reservation.voucher.length > 0)
                .put("limitDuration", reservation.durationSeconds)
                .put("limitData", reservation.maxBytes);
    }

    private ObjectNode ping(Connection connection, int count) throws Exception {
        var result = Peer.JSON.createObjectNode();
        var trips = result.putArray("rttMs");
        var ping = open(connection, node.ping());
        for (int i = 0; i < count; i++) {
            trips.add(await(ping.ping()));
        }
        return result;
    }

    private static ObjectNode identify(Connection connection) throws Exception {
        var message = await(open(connection, new Identify()).id());
        var result =
                Peer.JSON
                        .createObjectNode()
                        .put("agent", message.getAgentVersion())
                        .put("protocolVersion", message.getProtocolVersion())
                        .put(
                                "observedAddr",
                                Multiaddr.deserialize(message.getObservedAddr().toByteArray())
                                        .toString());
        var protocols = result.putArray("protocols");
        message.getProtocolsList().forEach(protocols::add);
        var addresses = result.putArray("listenAddrs");
        message.getListenAddrsList()
                .forEach(a -> addresses.add(Multiaddr.deserialize(a.toByteArray()).toString()));
        return result;
    }

    private ObjectNode echo(Connection connection, int bytes) throws Exception {
        var hash = open(connection, node.echo()).send(bytes, CHUNK);
        if (!hash.equals(Echo.expected(bytes))) {
            throw new IllegalStateException("what came back is not what was sent");
        }
        return Peer.JSON.createObjectNode().put("received", bytes).put("sha256", hash);
    }

    private static ObjectNode disconnect(Connection connection) throws Exception {
        await(connection.close());
        return Peer.JSON.createObjectNode();
    }

    private ObjectNode peers() {
        var result = Peer.JSON.createObjectNode();
        var list = result.putArray("peers");
        node.peers().forEach(list::add);
        return result;
    }
}
