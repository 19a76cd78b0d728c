// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static io.netty.buffer.Unpooled.EMPTY_BUFFER;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import org.jspecify.annotations.Nullable;

/// The protocols that a swarm answers, and the conversations on them.
///
/// Safe for use by many threads.
final class AnsweredProtocols {
    private static final System.Logger LOG = System.getLogger(Swarm.class.getName());

    private final Map<String, ServedProtocol> served = new ConcurrentHashMap<>();
    private final Map<String, Integer> echoes = new ConcurrentHashMap<>();
    private final Set<ProtocolId> echoed = ConcurrentHashMap.newKeySet();
    private final Set<String> concealed = ConcurrentHashMap.newKeySet();
    private volatile List<ProtocolId> told = List.of();

    void serve(ServedProtocol protocol) {
        served.put(protocol.id().name(), protocol);
        concealed.remove(protocol.id().name());
        list();
    }

    void conceal(ProtocolId protocol) {
        concealed.add(protocol.name());
        list();
    }

    void echo(ProtocolId protocol, int perConnection) {
        echoes.put(protocol.name(), perConnection);
        echoed.add(protocol);
        list();
    }

    void withdraw(ProtocolId protocol) {
        served.remove(protocol.name());
        list();
    }

    private synchronized void list() {
        var names = new TreeSet<>(served.keySet());
        names.addAll(echoes.keySet());
        names.removeAll(concealed);
        told = names.stream().map(ProtocolId::new).toList();
    }

    /// Those that others are told of, in alphabetical order; the same list until it changes.
    List<ProtocolId> told() {
        return told;
    }

    boolean serves(String protocol) {
        return served.containsKey(protocol) || echoes.containsKey(protocol);
    }

    /// Those that are only echoed, which make no use of a connection.
    Set<ProtocolId> echoed() {
        return echoed;
    }

    /// Begins the conversation on an inbound stream whose protocol is agreed on, and returns the stream
    /// as the conversation sees it; null where too many are under way. Called on the event loop.
    MuxedStream.@Nullable Consumer begin(
            ChannelConnection connection, MuxedStream muxed, String name) {
        var counts = connection.inboundStreams();
        var atOnce = echoes.get(name);
        if (atOnce != null) {
            var protocol = new ProtocolId(name);
            if (!counts.begin(protocol, atOnce)) {
                return null;
            }
            var echo = new Echo(muxed, () -> counts.end(protocol));
            muxed.consumer(echo);
            return echo;
        }
        var protocol = served.get(name);
        if (protocol == null || !counts.begin(protocol.id(), protocol.perConnection())) {
            return null;
        }
        return new Opening(connection, muxed, protocol).begin();
    }

    /// A stream whose protocol is agreed on, before it is a conversation.
    private record Opening(
            ChannelConnection connection, MuxedStream muxed, ServedProtocol protocol) {
        MuxedStream.Consumer begin() {
            return switch (protocol.service()) {
                case ServedProtocol.Requests requests ->
                        new RequestStream(
                                        connection.timers(),
                                        connection,
                                        muxed,
                                        requests,
                                        protocol.patience(),
                                        this::over)
                                .begin();
                case ServedProtocol.Conversations conversations ->
                        conversations
                                .prompt()
                                .map(prompt -> prompt(prompt, conversations.handler()).begin())
                                .orElseGet(() -> converse(conversations.handler(), EMPTY_BUFFER));
            };
        }

        private PromptStream prompt(Prompt prompt, StreamHandler handler) {
            var ending =
                    new PromptStream.Ending() {
                        @Override
                        public MuxedStream.Consumer converse(ByteBuf rest) {
                            return Opening.this.converse(handler, rest);
                        }

                        @Override
                        public void over() {
                            Opening.this.over();
                        }
                    };
            return new PromptStream(
                    connection.timers(), connection, muxed, protocol.patience(), prompt, ending);
        }

        private MuxedStream.Consumer converse(StreamHandler handler, ByteBuf rest) {
            var stream = new ChannelStream(connection, muxed, protocol.id(), null);
            stream.deadline(protocol.patience());
            if (rest.isReadable()) {
                stream.onData(rest);
            }
            muxed.consumer(stream);
            Thread.ofVirtual().start(() -> converse(handler, stream));
            return stream;
        }

        /// One of the two catch-alls of this program: whatever a conversation throws ends its stream
        /// only.
        private void converse(StreamHandler handler, ChannelStream stream) {
            try {
                handler.onStream(stream);
                stream.conversationOver();
            } catch (IOException e) {
                stream.reset();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                stream.reset();
            } catch (RuntimeException e) {
                stream.reset();
                LOG.log(System.Logger.Level.ERROR, "conversation on " + protocol.id(), e);
            } finally {
                over();
            }
        }

        private void over() {
            connection.inboundStreams().end(protocol.id());
        }
    }
}
