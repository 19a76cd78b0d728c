// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import network.chiral.edge.libp2p.swarm.Threads;
import org.junit.jupiter.api.Test;

class EventHubTest {
    /// Never runs anything: a test ticks by itself.
    private static final Threads NONE =
            new Threads() {
                @Override
                public Thread start(String name, Runnable task) {
                    return Thread.ofVirtual().unstarted(task);
                }

                @Override
                public void sleep(Duration pause) {}

                @Override
                public boolean acquire(Semaphore permits, Duration patience) {
                    return false;
                }
            };

    private static final class Heard implements Listener {
        private final List<String> texts = new ArrayList<>();
        private boolean slow;
        private boolean ended;

        @Override
        public boolean take(Buffer text) {
            texts.add(text.toString());
            return !slow;
        }

        @Override
        public void end() {
            ended = true;
        }
    }

    private final AtomicInteger asked = new AtomicInteger();
    private final EventHub hub =
            new EventHub(NONE, () -> new JsonObject().put("n", asked.incrementAndGet()));

    private static JsonObject peer(String name) {
        return new JsonObject().put("peer", name);
    }

    @Test
    void asksForNothingWhileNobodyListens() {
        hub.publish(
                "circuit",
                () -> {
                    throw new AssertionError("nobody listens");
                });

        assertThat(hub.isHeard()).isFalse();
        assertThat(asked).hasValue(0);
    }

    @Test
    void tellsInOrderAndTheStatusOnceInFourTicks() {
        var heard = new Heard();
        hub.join(heard, EventHub.TOPICS);
        hub.publish("circuit", () -> peer("a"));
        hub.publish("refusal", () -> peer("b"));

        for (int tick = 0; tick < 5; tick++) {
            hub.tick(tick);
        }

        assertThat(heard.texts)
                .containsExactly(
                        "event: status\ndata: {\"n\":1}\n\n",
                        "event: circuit\ndata: {\"peer\":\"a\"}\n\n",
                        "event: refusal\ndata: {\"peer\":\"b\"}\n\n",
                        "event: status\ndata: {\"n\":2}\n\n");
    }

    @Test
    void tellsOnlyWhatWasAskedForAndThatItIsStillThere() {
        var heard = new Heard();
        hub.join(heard, Set.of("circuit"));
        hub.publish("refusal", () -> peer("b"));

        for (int tick = 0; tick < 60; tick++) {
            hub.tick(tick);
        }

        assertThat(heard.texts).containsExactly(": still here\n\n");
    }

    @Test
    void dropsWhoIsTooSlowAndGoesOnWithOthers() {
        var slow = new Heard();
        slow.slow = true;
        var quick = new Heard();
        hub.join(slow, EventHub.TOPICS);
        hub.join(quick, EventHub.TOPICS);

        hub.tick(0);
        hub.tick(4);

        assertThat(slow.texts).hasSize(1);
        assertThat(slow.ended).isTrue();
        assertThat(quick.texts).hasSize(2);
    }

    @Test
    void admitsABoundedNumber() {
        for (int i = 0; i < EventHub.MAX_LISTENERS; i++) {
            assertThat(hub.join(new Heard(), EventHub.TOPICS)).isTrue();
        }

        assertThat(hub.join(new Heard(), EventHub.TOPICS)).isFalse();
    }

    @Test
    void countsWhatItCouldNotTell() {
        var heard = new Heard();
        hub.join(heard, Set.of("lost"));
        for (int i = 0; i < EventHub.MAX_QUEUED + 3; i++) {
            hub.publish("peer", () -> peer("a"));
        }

        hub.tick(1);

        assertThat(heard.texts).containsExactly("event: lost\ndata: {\"events\":3}\n\n");
    }

    @Test
    void takesNobodyOnceItIsStopped() {
        var heard = new Heard();
        hub.join(heard, EventHub.TOPICS);

        hub.stop();

        assertThat(heard.ended).isTrue();
        assertThat(hub.join(new Heard(), EventHub.TOPICS)).isFalse();
    }
}
