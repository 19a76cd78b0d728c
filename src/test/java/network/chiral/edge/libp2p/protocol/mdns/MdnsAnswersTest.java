// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.mdns.MdnsAnswers.Asked;
import network.chiral.edge.libp2p.protocol.mdns.MdnsMessage.Question;
import network.chiral.edge.libp2p.swarm.AddressScope;
import org.junit.jupiter.api.Test;

/// What is asked for and answered, and what is read out of the answers of others.
class MdnsAnswersTest {
    private static final PeerId SELF = peer("self");
    private static final String NAME = "0123456789abcdefghijklmnopqrstuv";
    private static final DnsName INSTANCE = DnsName.of(NAME, "_p2p", "_udp", "local");
    private static final DnsName HOST = DnsName.of(NAME, "p2p", "local");
    private static final List<Multiaddr> HOME =
            List.of(
                    Multiaddr.parse("/ip4/10.0.0.7/tcp/4001"),
                    Multiaddr.parse("/ip6/fd00::7/tcp/4001"));

    private final MdnsAnswers answers = new MdnsAnswers(SELF, NAME);

    private static MdnsMessage question(DnsName name, int type) {
        return MdnsMessage.query(new Question(name, type, false));
    }

    private MdnsMessage answer(MdnsMessage query) {
        return answers.answer(answers.asked(query), HOME).orElseThrow();
    }

    @Test
    @Clause("mdns-query")
    void asksForThePointersOfTheServiceInPlainDns() {
        var bytes = MdnsCodec.toBytes(MdnsAnswers.query());

        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo(
                        "000000000001000000000000"
                                + "045f703270045f756470056c6f63616c00"
                                + "000c0001");
    }

    @Test
    @Clause({"mdns-response", "mdns-txt", "mdns-host-records"})
    void answersTheQueryWithItsPointerAndTheRecordsToGoWithIt() throws Exception {
        var answer = answer(MdnsAnswers.query());

        assertThat(answer.response()).isTrue();
        assertThat(answer.questions()).isEmpty();
        assertThat(answer.answers())
                .containsExactly(new MdnsRecord.Pointer(MdnsAnswers.SERVICE, 120, INSTANCE));
        assertThat(answer.additionals())
                .containsExactly(
                        new MdnsRecord.Service(INSTANCE, 120, 4001, HOST),
                        new MdnsRecord.Address(HOST, 120, InetAddress.getByName("10.0.0.7")),
                        new MdnsRecord.Address(HOST, 120, InetAddress.getByName("fd00::7")),
                        new MdnsRecord.Text(
                                INSTANCE,
                                120,
                                List.of(
                                        "dnsaddr=/ip4/10.0.0.7/tcp/4001/p2p/" + SELF,
                                        "dnsaddr=/ip6/fd00::7/tcp/4001/p2p/" + SELF)));
    }

    @Test
    @Clause("mdns-meta")
    void tellsItsServiceToWhoeverLooksForServices() {
        var answer = answer(question(MdnsAnswers.META, MdnsRecord.Pointer.TYPE));

        assertThat(answer.answers())
                .containsExactly(
                        new MdnsRecord.Pointer(MdnsAnswers.META, 120, MdnsAnswers.SERVICE));
    }

    @Test
    @Clause("mdns-single-records")
    void answersSingleQuestionsForEachOfItsRecords() {
        var text = answer(question(INSTANCE, MdnsRecord.Text.TYPE));
        var service = answer(question(INSTANCE, MdnsRecord.Service.TYPE));
        var four = answer(question(HOST, MdnsRecord.Address.TYPE_4));
        var six = answer(question(HOST, MdnsRecord.Address.TYPE_6));

        assertThat(text.answers()).singleElement().isInstanceOf(MdnsRecord.Text.class);
        assertThat(service.answers()).singleElement().isInstanceOf(MdnsRecord.Service.class);
        assertThat(four.answers()).hasOnlyElementsOfType(MdnsRecord.Address.class).hasSize(2);
        assertThat(six.answers()).isEqualTo(four.answers());
    }

    @Test
    void hasNothingToSayToOtherQuestionsOrWithoutAnAddress() {
        var other = question(DnsName.of("_ipp", "_tcp", "local"), MdnsMessage.ANY);

        assertThat(answers.asked(other)).isEmpty();
        assertThat(answers.asked(question(MdnsAnswers.SERVICE, MdnsRecord.Text.TYPE))).isEmpty();
        assertThat(answers.answer(Set.of(Asked.PEERS), List.of())).isEmpty();
    }

    @Test
    @Clause("mdns-known-answer")
    void keepsQuietWhereTheAskerHasTheAnswerForLong() {
        var question = new Question(MdnsAnswers.SERVICE, MdnsRecord.Pointer.TYPE, false);
        var fresh = new MdnsRecord.Pointer(MdnsAnswers.SERVICE, 60, INSTANCE);
        var old = new MdnsRecord.Pointer(MdnsAnswers.SERVICE, 59, INSTANCE);

        var known = new MdnsMessage(0, false, List.of(question), List.of(fresh), List.of());
        var fading = new MdnsMessage(0, false, List.of(question), List.of(old), List.of());

        assertThat(answers.asked(known)).isEmpty();
        assertThat(answers.asked(fading)).containsExactly(Asked.PEERS);
    }

    @Test
    @Clause("mdns-legacy")
    void givesAPlainDnsClientItsNumberAndQuestionBackForTenSeconds() {
        var query =
                new MdnsMessage(
                        77,
                        false,
                        List.of(new Question(MdnsAnswers.META, MdnsRecord.Pointer.TYPE, false)),
                        List.of(),
                        List.of());

        var answer = answers.answerTo(query, true, answers.asked(query), HOME).orElseThrow();

        assertThat(answer.id()).isEqualTo(77);
        assertThat(answer.questions()).isEqualTo(query.questions());
        assertThat(answer.answers()).singleElement().extracting(MdnsRecord::ttl).isEqualTo(10L);
    }

    @Test
    void fitsAnEthernetPacketHoweverManyAddressesThereAre() {
        var many =
                IntStream.range(0, 100)
                        .mapToObj(i -> Multiaddr.parse("/ip4/10.0.1." + i + "/tcp/4001"))
                        .toList();

        var bytes = MdnsCodec.toBytes(answers.answer(Set.of(Asked.PEERS), many).orElseThrow());

        assertThat(bytes.length).isBetween(1_300, MdnsAnswers.MAX_ANSWER);
    }

    // --- of others

    @Test
    void readsItsOwnAnswer() {
        var found = MdnsFindings.of(answer(MdnsAnswers.query()), AddressScope.LAN);

        assertThat(found).containsExactly(new FoundPeer(SELF, HOME, Duration.ofSeconds(120)));
    }

    @Test
    @Clause("mdns-goodbye")
    void readsAGoodbye() {
        var goodbye = answers.goodbye(HOME).orElseThrow();

        assertThat(MdnsFindings.of(goodbye, AddressScope.LAN))
                .containsExactly(new FoundPeer(SELF, HOME, Duration.ZERO));
    }

    private static MdnsMessage response(DnsName target, List<String> strings) {
        return new MdnsMessage(
                0,
                true,
                List.of(),
                List.of(new MdnsRecord.Pointer(MdnsAnswers.SERVICE, 360, target)),
                strings.stream()
                        .<MdnsRecord>map(one -> new MdnsRecord.Text(target, 360, List.of(one)))
                        .toList());
    }

    @Test
    @Clause("mdns-txt")
    void readsTheAnswerOfRustWithItsBareNameAndARecordPerAddress() {
        var rust =
                response(
                        DnsName.of("Ab3"),
                        List.of(
                                "dnsaddr=/ip4/10.0.0.1/tcp/1/p2p/" + SELF,
                                "dnsaddr=/ip4/10.0.0.2/tcp/2/p2p/" + SELF));

        var found = MdnsFindings.of(rust, AddressScope.LAN);

        assertThat(found).singleElement();
        assertThat(found.getFirst().addresses())
                .map(Multiaddr::toString)
                .containsExactly("/ip4/10.0.0.1/tcp/1", "/ip4/10.0.0.2/tcp/2");
    }

    @Test
    @Clause({"mdns-link-addresses", "mdns-hostile"})
    void takesOnlyAddressesInScopeAndOfItsTransportAndOfOnePeer() {
        var strings =
                List.of(
                        "dnsaddr=/ip4/10.0.0.1/tcp/1/p2p/" + SELF,
                        "dnsaddr=/ip4/127.0.0.1/tcp/1/p2p/" + SELF,
                        "dnsaddr=/ip4/10.0.0.1/udp/1/quic-v1/p2p/" + SELF,
                        "dnsaddr=/dns4/example.org/tcp/1/p2p/" + SELF,
                        "dnsaddr=/ip4/10.0.0.1/tcp/9/p2p/" + peer("mallory"),
                        "dnsaddr=/ip4/10.0.0.1/tcp/8",
                        "dnsaddr=nonsense",
                        "other=/ip4/10.0.0.1/tcp/7/p2p/" + SELF);

        var found = MdnsFindings.of(response(DnsName.of("x"), strings), AddressScope.LAN);

        assertThat(found).singleElement();
        assertThat(found.getFirst().addresses())
                .map(Multiaddr::toString)
                .containsExactly("/ip4/10.0.0.1/tcp/1");
    }

    @Test
    @Clause("mdns-hostile")
    void takesOnlySoManyAddressesOfAPeer() {
        var strings =
                IntStream.range(1, 100)
                        .mapToObj(port -> "dnsaddr=/ip4/10.0.0.1/tcp/" + port + "/p2p/" + SELF)
                        .toList();

        var found = MdnsFindings.of(response(DnsName.of("x"), strings), AddressScope.LAN);

        assertThat(found.getFirst().addresses()).hasSize(MdnsFindings.MAX_ADDRESSES);
    }
}
