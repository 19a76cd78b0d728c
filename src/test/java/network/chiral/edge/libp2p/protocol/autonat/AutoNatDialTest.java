// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialDataRequest;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialRequest;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialResponse;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;
import network.chiral.edge.libp2p.swarm.Threads;
import network.chiral.edge.libp2p.testing.FakeConversation;
import org.junit.jupiter.api.Test;

/// What the servers decide before anything is dialled.
class AutoNatDialTest {
    private static final PeerId ALICE = peer("alice");
    private static final Multiaddr NAMED = Multiaddr.parse("/dns4/example.net/tcp/4001");
    private static final Multiaddr HERE = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");
    private static final Multiaddr INSIDE = Multiaddr.parse("/ip4/10.0.0.1/tcp/4001");

    private final List<Multiaddr> resolved = new ArrayList<>();
    private final List<Multiaddr> dialled = new ArrayList<>();
    private List<Multiaddr> answers = List.of();

    private AutoNatV2Server v2(AddressScope scope) {
        return new AutoNatV2Server(
                AutoNatLimits.DEFAULT,
                policy(scope),
                new AutoNatV2Server.Helpers(
                        name -> {
                            resolved.add(name);
                            return answers;
                        },
                        (client, address, _) -> {
                            dialled.add(address);
                            return new FakeConversation(client, new byte[0]);
                        },
                        new Random(1),
                        Threads.VIRTUAL,
                        Clock.systemUTC()));
    }

    private static DialBackPolicy policy(AddressScope scope) {
        return new DialBackPolicy(scope, _ -> true, _ -> false);
    }

    private static FakeConversation request(Multiaddr... addresses) {
        var listed = List.of(addresses).stream().map(Optional::of).toList();
        return new FakeConversation(ALICE, AutoNatV2Codec.toBytes(new DialRequest(listed, 1)));
    }

    private static AutoNatV2Message only(FakeConversation conversation) throws Exception {
        assertThat(conversation.answers()).hasSize(1);
        return AutoNatV2Codec.parse(conversation.answers().getFirst());
    }

    @Test
    @Clause("A6")
    void dialsTheAddressThatItHasLookedAtAndNotTheName() throws Exception {
        answers = List.of(HERE);
        var conversation = request(NAMED);

        v2(AddressScope.ANY).onStream(conversation);

        assertThat(dialled).containsExactly(HERE);
        assertThat(((DialResponse) only(conversation)).status()).isEqualTo(AutoNatV2Status.OK);
    }

    @Test
    @Clause("A6")
    void dialsNoNameWithOneAnswerThatItMayNotDial() throws Exception {
        answers = List.of(Multiaddr.parse("/ip4/8.8.8.8/tcp/4001"), INSIDE);
        var conversation = request(NAMED);

        v2(AddressScope.PUBLIC).onStream(conversation);

        assertThat(dialled).isEmpty();
        assertThat(only(conversation))
                .isEqualTo(DialResponse.without(AutoNatV2Status.E_DIAL_REFUSED));
    }

    @Test
    void resolvesOneNameOfARequestAndNoMore() throws Exception {
        var other = Multiaddr.parse("/dns4/example.org/tcp/4001");

        v2(AddressScope.PUBLIC).onStream(request(NAMED, other, NAMED));

        assertThat(resolved).containsExactly(NAMED);
    }

    @Test
    void wantsDataForADialThatComesThroughARelay() {
        var conversation = request(HERE).relayed();

        assertThatThrownBy(() -> v2(AddressScope.ANY).onStream(conversation))
                .isInstanceOf(ProtocolViolation.class); // what it says next is no data
        assertThat(dialled).isEmpty();
        assertThat(conversation.answers())
                .singleElement()
                .satisfies(bytes ->
                        assertThat(AutoNatV2Codec.parse(bytes))
                                .isInstanceOf(DialDataRequest.class));
    }

    @Test
    @Clause({"A2", "autonat-v1-relayed"})
    void refusesVersionOneThroughARelay() throws Exception {
        var server =
                new AutoNatV1Server(
                        AutoNatLimits.DEFAULT,
                        policy(AddressScope.ANY),
                        (client, address, _) -> {
                            dialled.add(address);
                            return new FakeConversation(client, new byte[0]);
                        },
                        Threads.VIRTUAL,
                        Clock.systemUTC());
        var dial = new AutoNatV1Message.Dial(ALICE, List.of(HERE));
        var conversation = new FakeConversation(ALICE, AutoNatV1Codec.toBytes(dial)).relayed();

        server.onStream(conversation);

        assertThat(dialled).isEmpty();
        assertThat(AutoNatV1Codec.parse(conversation.answers().getFirst()))
                .isInstanceOfSatisfying(
                        AutoNatV1Message.DialResponse.class,
                        response ->
                                assertThat(response.status())
                                        .isEqualTo(AutoNatV1Status.E_DIAL_REFUSED));
    }

    @Test
    @Clause({"A6", "autonat-v2-families"})
    void dialsNeitherItselfNorAFamilyThatTheMachineHasNot() {
        var own = InetAddress.ofLiteral("8.8.8.8");
        var policy =
                new DialBackPolicy(
                        AddressScope.PUBLIC, ip -> ip.getAddress().length == 4, own::equals);

        assertThat(policy.allows(own)).isFalse();
        assertThat(policy.allows(InetAddress.ofLiteral("2606:4700::1"))).isFalse();
        assertThat(policy.allows(InetAddress.ofLiteral("8.8.4.4"))).isTrue();
    }
}
