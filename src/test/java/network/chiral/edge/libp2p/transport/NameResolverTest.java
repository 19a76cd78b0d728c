// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.transport;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.util.List;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NameResolverTest {
    private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
    private NameServer server;
    private NameResolver resolver;

    @BeforeEach
    void start() throws Exception {
        server = new NameServer(loops);
        resolver =
                new NameResolver(
                        loops,
                        builder ->
                                builder.nameServerProvider(
                                        new SingletonDnsServerAddressStreamProvider(
                                                server.address())));
    }

    @AfterEach
    void stop() {
        resolver.close();
        server.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void turnsANameIntoItsAddressesAndKeepsTheRest() throws Exception {
        server.ip("relay.test", "192.0.2.1");
        server.ip("relay.test", "192.0.2.2");

        var found = resolve("/dns4/relay.test/tcp/4001/p2p/" + peer("bob"));

        assertThat(found)
                .containsExactlyInAnyOrder(
                        Multiaddr.parse("/ip4/192.0.2.1/tcp/4001/p2p/" + peer("bob")),
                        Multiaddr.parse("/ip4/192.0.2.2/tcp/4001/p2p/" + peer("bob")));
    }

    @Test
    void asksForTheFamilyThatTheProtocolNames() throws Exception {
        server.ip("relay.test", "192.0.2.1");
        server.ip("relay.test", "2001:db8::1");

        assertThat(resolve("/dns4/relay.test/tcp/1")).hasToString("[/ip4/192.0.2.1/tcp/1]");
        assertThat(resolve("/dns6/relay.test/tcp/1")).hasToString("[/ip6/2001:db8::1/tcp/1]");
        assertThat(resolve("/dns/relay.test/tcp/1")).hasSize(2);
    }

    @Test
    void givesAnAddressWithoutANameBackAsItIs() throws Exception {
        assertThat(resolve("/ip4/192.0.2.1/tcp/1")).hasToString("[/ip4/192.0.2.1/tcp/1]");
        assertThat(server.queries()).isZero();
    }

    @Test
    void namesTheNameThatDoesNotResolve() {
        assertThatThrownBy(() -> resolve("/dns4/nowhere.test/tcp/1"))
                .hasMessageContaining("nowhere.test");
    }

    @Test
    void followsDnsaddrToThePeerThatWasAskedForOnly() throws Exception {
        server.text("_dnsaddr.boot.test", "dnsaddr=/ip4/192.0.2.1/tcp/1/p2p/" + peer("alice"));
        server.text("_dnsaddr.boot.test", "dnsaddr=/ip4/192.0.2.2/tcp/2/p2p/" + peer("bob"));
        server.text("_dnsaddr.boot.test", "v=spf1 -all");
        server.text("_dnsaddr.boot.test", "dnsaddr=nonsense");

        assertThat(resolve("/dnsaddr/boot.test/p2p/" + peer("bob")))
                .hasToString("[/ip4/192.0.2.2/tcp/2/p2p/" + peer("bob") + "]");
        assertThat(resolve("/dnsaddr/boot.test")).hasSize(2);
    }

    @Test
    void joinsTheStringsOfOneRecord() throws Exception {
        server.text("_dnsaddr.boot.test", "dnsaddr=/ip4/192.0.2.1", "/tcp/1");

        assertThat(resolve("/dnsaddr/boot.test")).hasToString("[/ip4/192.0.2.1/tcp/1]");
    }

    @Test
    void followsADnsaddrThatLeadsToOthersAndPassesOverTheDeadOnes() throws Exception {
        server.text("_dnsaddr.boot.test", "dnsaddr=/dnsaddr/one.test");
        server.text("_dnsaddr.boot.test", "dnsaddr=/dnsaddr/dead.test");
        server.text("_dnsaddr.one.test", "dnsaddr=/dns4/relay.test/tcp/1");
        server.ip("relay.test", "192.0.2.1");

        assertThat(resolve("/dnsaddr/boot.test")).hasToString("[/ip4/192.0.2.1/tcp/1]");
    }

    @Test
    void followsADnsaddrThatLeadsToItselfNoFurtherThanFourTimes() throws Exception {
        server.text("_dnsaddr.loop.test", "dnsaddr=/dnsaddr/loop.test");

        assertThat(resolve("/dnsaddr/loop.test")).isEmpty();
        assertThat(server.queries()).isLessThanOrEqualTo(4);
    }

    @Test
    void asksNoHundredsOfQuestionsForOneAddress() throws Exception {
        for (int i = 0; i < 12; i++) {
            server.text("_dnsaddr.wide.test", "dnsaddr=/dnsaddr/wide" + i + ".test");
            for (int j = 0; j < 12; j++) {
                server.text(
                        "_dnsaddr.wide" + i + ".test",
                        "dnsaddr=/dnsaddr/x" + i + "-" + j + ".test");
            }
        }

        assertThat(resolve("/dnsaddr/wide.test")).isEmpty();
        assertThat(server.queries()).isLessThanOrEqualTo(100);
    }

    @Test
    void givesNoMoreThanAHundredAddresses() throws Exception {
        for (int i = 0; i < 15; i++) {
            server.text("_dnsaddr.boot.test", "dnsaddr=/dnsaddr/many" + i + ".test");
            for (int port = 1; port <= 10; port++) {
                server.text(
                        "_dnsaddr.many" + i + ".test",
                        "dnsaddr=/ip4/192.0.2." + i + "/tcp/" + port);
            }
        }

        assertThat(resolve("/dnsaddr/boot.test")).hasSize(100);
    }

    private List<Multiaddr> resolve(String address) throws Exception {
        return resolver.resolve(Multiaddr.parse(address)).get(30, TimeUnit.SECONDS);
    }
}
