// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import network.chiral.edge.libp2p.protocol.kad.KadSettings;
import network.chiral.edge.libp2p.protocol.kad.KadTimes;
import org.junit.jupiter.api.Test;

@Seeds.Named
class KadSimulationTest {
    private static final Duration DAY = Duration.ofHours(24);
    private static final DhtTown.People THOUSAND =
            new DhtTown.People(
                    3, Integer.getInteger("N", 997), 25, Duration.ofHours(12), Duration.ofHours(1));
    private static final KadSettings SETTINGS =
            KadSettings.CHIRAL.with(
                    KadTimes.DEFAULT
                            .withLifetimes(Duration.ofHours(2), Duration.ofHours(1))
                            .withCare(Duration.ofMinutes(Integer.getInteger("V", 240)), Duration.ofMinutes(Integer.getInteger("R", 360))));

    private final Simulator simulator = new Simulator(Seeds.seed());
    private final World world = new World(simulator, Duration.ofHours(Integer.getInteger("L", 72)));

    @Test
    void aDay() {
        var town = new DhtTown(simulator, world, THOUSAND, SETTINGS);
        var probe = new DhtProbe(town);
        town.atStart(node -> { probe.began(node); probe.provide(node); });
        town.begin(Duration.ofHours(1), DAY);
        probe.countFrom(Duration.ofHours(1).plusMinutes(10));
        probe.publish(Duration.ofHours(1), DAY);
        probe.ask(Duration.ofSeconds(20), DAY);
        for (int h = 0; h < 24; h++) {
            simulator.run(Duration.ofHours(1));
            long servers = town.nodes().stream().filter(DhtNode::isServer).count();
            long sum = town.nodes().stream().mapToInt(n -> n.dht().tableSize()).sum();
            System.out.println(h + " up " + town.nodes().size() + " servers " + servers + " answers " + town.answers() + " fail " + town.failures() + " links " + world.linkCount() + " table " + sum / town.nodes().size() + " steps " + simulator.steps() + " cpu " + java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000_000 + " " + probe.scores());
            if (h >= Integer.getInteger("H", 24)) break;
        }
        town.everybodyLeaves();
        simulator.run(Duration.ofHours(1));
        assertThat(simulator.alive()).as("threads").isZero();
        assertThat(world.linkCount()).as("connections").isZero();
    }
}
