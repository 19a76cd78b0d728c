// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import network.chiral.edge.libp2p.testing.Eventually;
import org.junit.jupiter.api.Test;

class SeedsTest {
    private static final Path SOURCES =
            Path.of("src/test/java/network/chiral/edge/libp2p/simulation");

    @Test
    void anAssertionThatFailsOutsideOfTheWorldNamesTheSeed() {
        long seed = Seeds.seed();
        var failure = new AssertionError("3 slots, none was expected");

        var told = Seeds.told(failure);

        assertThat(told)
                .hasMessageContaining("-Dsimulation.seed=" + seed)
                .hasMessageContaining("3 slots")
                .hasCause(failure);
    }

    @Test
    void whatTheWorldHasNamedAlreadyStaysAsItIs() {
        var simulator = new Simulator(Seeds.seed() + 1);
        simulator.fail(new IllegalStateException("no luck"));
        var failure = failure(simulator);

        var told = Seeds.told(failure);

        assertThat(told).isSameAs(failure).hasMessageContaining("" + simulator.seed());
    }

    private static AssertionError failure(Simulator simulator) {
        try {
            simulator.run(Duration.ofSeconds(1));
            throw new IllegalStateException("it has not failed");
        } catch (AssertionError e) {
            return e;
        }
    }

    @Test
    void aWorldWhoseTimeStandsStillIsEndedAndNamesTheSeed() {
        var simulator = new Simulator(Seeds.seed());
        simulator.start(
                "busy",
                () -> {
                    while (true) {
                        Thread.yield();
                    }
                });

        assertThatThrownBy(() -> simulator.run(Duration.ofSeconds(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dsimulation.seed=" + simulator.seed())
                .hasStackTraceContaining("time stands still");
    }

    @Test
    void aTimeoutOfTheTestEndsTheWorldAndNamesTheSeed() {
        var simulator = new Simulator(Seeds.seed());
        simulator.start("nobody", () -> {});
        Thread.currentThread().interrupt(); // as a timeout of JUnit does it

        assertThatThrownBy(() -> simulator.run(Duration.ofSeconds(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dsimulation.seed=" + simulator.seed())
                .hasStackTraceContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aTestThatDoesNotEndNamesTheSeedAndWhereItIs() {
        var said = new ByteArrayOutputStream();
        var seeds =
                new Seeds(
                        Duration.ofMillis(1), new PrintStream(said, true, StandardCharsets.UTF_8));
        long seed = Seeds.seed();

        seeds.watch(Thread.currentThread(), "aDay");

        Eventually.holds(
                "the seed is named",
                () -> said.toString(StandardCharsets.UTF_8).contains("=" + seed + ")\n"));
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("aDay does not end", "-Dsimulation.seed=" + seed);
    }

    @Test
    void everySimulationIsNamed() throws IOException {
        try (var files = Files.list(SOURCES)) {
            assertThat(files.filter(file -> file.toString().endsWith("SimulationTest.java")))
                    .isNotEmpty()
                    .allSatisfy(
                            file -> assertThat(Files.readString(file)).contains("@Seeds.Named\n"));
        }
    }
}
