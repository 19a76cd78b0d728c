// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.identify;

import static network.chiral.edge.libp2p.testing.TestKeys.CRYPTO;
import static network.chiral.edge.libp2p.testing.TestKeys.identity;
import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerRecord;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.testing.FakeConversation;
import org.junit.jupiter.api.Test;

class SignedRecordTest {
    private static final Multiaddr HOME = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");
    private static final Multiaddr OFFICE = Multiaddr.parse("/ip4/192.0.2.2/tcp/4001");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private List<Multiaddr> announced = List.of(HOME);
    private final IdentifyService service =
            new IdentifyService(
                    CRYPTO,
                    identity("alice"),
                    new SelfDescription("/test/1.0.0", "test", () -> announced, List::of),
                    Clock.fixed(NOON, ZoneOffset.UTC));

    private PeerRecord told() throws Exception {
        var stream = new FakeConversation(peer("bob"), new byte[0]);
        service.onStream(stream);
        var message = IdentifyCodec.parse(stream.answers().getFirst());
        return PeerRecord.open(CRYPTO, message.signedPeerRecord().orElseThrow());
    }

    @Test
    @Clause({"record-1", "I5"})
    void hasAHigherNumberWithEachChangeWhateverTheClockSays() throws Exception {
        var first = told();
        announced = List.of(HOME, OFFICE);
        var second = told();
        announced = List.of(HOME);
        var third = told();

        assertThat(List.of(first.sequence(), second.sequence(), third.sequence()))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(first.sequence()).isEqualTo(NOON.toEpochMilli());
        assertThat(second.addresses()).containsExactly(HOME, OFFICE);
    }

    @Test
    void staysTheSameWhileNothingChanges() throws Exception {
        var first = told();

        assertThat(told()).isEqualTo(first);
    }
}
