// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import network.chiral.edge.libp2p.protocol.relay.Refusal;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.swarm.Joined;
import org.junit.jupiter.api.Test;

/// A day of a town whose people reach each other through three relays.
@Seeds.Named
class RelaySimulationTest {
    private static final int PEOPLE = 1_000;
    private static final Duration DAY = Duration.ofHours(24);

    /// Tight enough that each limit is met.
    private static final RelayLimits LIMITS =
            new RelayLimits(
                    245,
                    Duration.ofHours(1),
                    12,
                    8,
                    4,
                    new Allowance(24 * 1024, Duration.ofMinutes(2)));

    private static final Person.Manners MANNERS =
            new Person.Manners(
                    Duration.ofHours(1), Duration.ofMinutes(20), Duration.ofMinutes(45), 0.9);

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /// Chiral's limits, for a thousand at one address.
    static final RelayLimits CAMPUS =
            new RelayLimits(
                    1_024,
                    Duration.ofHours(1),
                    0,
                    1_024,
                    16,
                    new Allowance(24 * 1024, Duration.ofMinutes(2)));

    private static final Person.Manners QUIET =
            new Person.Manners(Duration.ofHours(1), Duration.ofMinutes(20), Duration.ZERO, 1);

    @Test
    void aDayWithAThousandPeopleLeavesNothingBehind() {
        var town = town(Seeds.seed(), PEOPLE, DAY);
        trouble(town);

        town.simulator().run(DAY);
        everythingGoes(town);

        everyKindOfThingHappened(town.tally());
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        long seed = Seeds.seed();

        var once = shortHistory(seed);
        var again = shortHistory(seed);
        var another = shortHistory(seed + 1);

        assertThat(again).isEqualTo(once).isNotEqualTo(another);
    }

    /// An hour and a half with a crash in it, as numbers.
    private static List<Long> shortHistory(long seed) {
        var town = town(seed, 60, Duration.ofMinutes(90));
        town.simulator()
                .after(Duration.ofHours(1), () -> town.restartByCrash(0, Duration.ofSeconds(20)));
        town.simulator().run(Duration.ofMinutes(90));
        everythingGoes(town);
        assertThat(town.tally().circuits).isPositive();
        return List.of(town.simulator().trace(), town.simulator().steps());
    }

    @Test
    void aThousandPeopleHaveTheirSlotsAgainHalfAMinuteAfterTheirRelayIsBack() {
        for (boolean crash : new boolean[] {false, true}) {
            var town = new RelayWorld(new Simulator(Seeds.seed()), Duration.ZERO, 1, CAMPUS);
            var simulator = town.simulator();
            for (int i = 0; i < PEOPLE; i++) {
                var person = town.addPerson(1, QUIET);
                simulator.after(simulator.between(Duration.ZERO, MINUTE), person::come);
            }
            simulator.run(MINUTE.multipliedBy(2));
            assertThat(town.relay(0).hop().reservationCount()).isEqualTo(PEOPLE);

            var down = Duration.ofSeconds(2);
            if (crash) {
                town.restartByCrash(0, down);
            } else {
                town.restartWithDrain(0, down);
                simulator.run(Duration.ofSeconds(5));
            }
            simulator.run(down.plusSeconds(30));

            assertThat(town.former()).hasSize(1);
            assertThat(town.relay(0).hop().reservationCount()).isEqualTo(PEOPLE);
            town.people().forEach(Person::go);
            everythingGoes(town);
        }
    }

    /// Everybody stays, and nobody calls: what is left of a slot's life is its renewal, a relay that
    /// stops or dies, and a network that falls apart.
    @Test
    void aThousandPeopleKeepTheirSlotsOverADay() {
        var town = new RelayWorld(new Simulator(Seeds.seed()), DAY.multipliedBy(2), 3, CAMPUS);
        var simulator = town.simulator();
        for (int i = 0; i < PEOPLE; i++) {
            var person = town.addPerson(1, QUIET);
            simulator.after(simulator.between(Duration.ZERO, MINUTE), person::come);
        }
        trouble(town);
        simulator.run(MINUTE.multipliedBy(2));

        for (int minute = 0; minute < DAY.toMinutes(); minute++) {
            simulator.run(MINUTE);
            long held = town.people().stream().filter(Person::isHeld).count();
            if (isCalm(Duration.ofNanos(simulator.now()))) {
                assertThat(held).as("slots held in minute %d", minute).isGreaterThan(PEOPLE - 15);
            }
        }

        assertThat(town.tally().renewed).isGreaterThan(PEOPLE * 24);
        assertThat(town.former()).hasSize(2 * town.relayCount());
        town.people().forEach(Person::go);
        everythingGoes(town);
    }

    /// Five minutes after a restart, and twenty after a partition, everybody is expected back: who tried
    /// in vain for ten minutes rests for a quarter of an hour. At any other time a few have lost their
    /// connection and not found out yet; on the average it is not even one.
    private static boolean isCalm(Duration now) {
        long minute = now.toMinutesPart();
        return switch ((int) now.toHours()) {
            case 6, 15 -> minute > 30;
            case 9, 10, 11, 18, 19, 20 -> minute > 5;
            default -> true;
        };
    }

    /// Two partitions of ten minutes; each relay is stopped in the morning and killed in the evening.
    private static void trouble(RelayWorld town) {
        var simulator = town.simulator();
        for (int hour : new int[] {6, 15}) {
            simulator.after(Duration.ofHours(hour), town.world()::partition);
            simulator.after(Duration.ofHours(hour).plusMinutes(10), town.world()::heal);
        }
        for (int i = 0; i < town.relayCount(); i++) {
            int relay = i;
            simulator.after(
                    Duration.ofHours(9 + i),
                    () -> town.restartWithDrain(relay, Duration.ofSeconds(20)));
            simulator.after(
                    Duration.ofHours(18 + i),
                    () -> town.restartByCrash(relay, Duration.ofSeconds(20)));
        }
    }

    /// So that it was not an empty day.
    private static void everyKindOfThingHappened(RelayGuard.Tally tally) {
        assertThat(tally.ends.keySet())
                .contains(
                        Joined.End.CLOSED,
                        Joined.End.FIRST_RESET,
                        Joined.End.SECOND_RESET,
                        Joined.End.BYTES_SPENT,
                        Joined.End.TIME_SPENT);
        assertThat(tally.refusals.keySet())
                .contains(
                        Refusal.RESERVATIONS_FULL,
                        Refusal.RESERVATIONS_PER_ADDRESS,
                        Refusal.CIRCUITS_FULL,
                        Refusal.CIRCUITS_PER_SOURCE,
                        Refusal.NO_RESERVATION,
                        Refusal.DESTINATION_FAILED);
        assertThat(tally.renewed).isGreaterThan(tally.granted / 10);
    }

    private static RelayWorld town(long seed, int people, Duration end) {
        var town = new RelayWorld(new Simulator(seed), Duration.ofHours(6), 3, LIMITS);
        for (int i = 0; i < people; i++) {
            town.addPerson(i < 100 ? 50 : 4, MANNERS).live(end);
        }
        return town;
    }

    static void everythingGoes(RelayWorld town) {
        var simulator = town.simulator();
        simulator.run(Duration.ofMinutes(5));

        assertThat(simulator.alive()).as("threads").isZero();
        assertThat(town.world().linkCount()).as("connections").isZero();
        for (var relay : town.relays()) {
            assertThat(relay.hop().reservationCount()).isZero();
            assertThat(relay.hop().circuitCount()).isZero();
            assertThat(Memory.of(relay.hop())).isEqualTo(Map.of());
            assertThat(Memory.of(relay.identify())).isEqualTo(Map.of());
        }
    }
}
