// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import network.chiral.edge.node.BadConfiguration;
import org.junit.jupiter.api.Test;

class RolesTest {
    private static final Set<Role> PUBLIC = EnumSet.of(Role.BOOTSTRAP, Role.RELAY);
    private static final Set<Role> PRIVATE = EnumSet.of(Role.EDGE);
    private static final Optional<Boolean> UNKNOWN = Optional.empty();

    private record Config(List<String> roles, Optional<List<String>> relays, String reservations)
            implements RolesConfig, RolesConfig.Edge {
        @Override
        public Edge edge() {
            return this;
        }
    }

    private static RoleSettings settings(String... roles) {
        return RoleSettings.of(new Config(List.of(roles), Optional.empty(), "2"));
    }

    @Test
    void leaveTheOperatorTheLastWord() {
        assertThat(RolePlan.roles(PRIVATE, true, Optional.of(true), true)).isEqualTo(PRIVATE);
        assertThat(RolePlan.roles(PUBLIC, false, Optional.of(false), false)).isEqualTo(PUBLIC);
    }

    @Test
    void areThoseOfAPublicNodeWhereAnAddressIsAnnounced() {
        assertThat(RolePlan.roles(Set.of(), true, Optional.of(false), false)).isEqualTo(PUBLIC);
    }

    @Test
    void goByWhatOthersSawAndElseByTheMachinesAddresses() {
        assertThat(RolePlan.roles(Set.of(), false, UNKNOWN, true)).isEqualTo(PUBLIC);
        assertThat(RolePlan.roles(Set.of(), false, UNKNOWN, false)).isEqualTo(PRIVATE);
        assertThat(RolePlan.roles(Set.of(), false, Optional.of(false), true)).isEqualTo(PRIVATE);
        assertThat(RolePlan.roles(Set.of(), false, Optional.of(true), false)).isEqualTo(PUBLIC);
    }

    @Test
    void areReadFromTheConfiguration() {
        assertThat(settings("auto").fixed()).isEmpty();
        assertThat(settings("Edge", " relay ").fixed())
                .isEqualTo(EnumSet.of(Role.EDGE, Role.RELAY));
    }

    @Test
    void areRefusedInASentenceWhereTheyMakeNoSense() {
        assertThatThrownBy(() -> settings("router"))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("chiral.roles");
        assertThatThrownBy(() -> settings("auto", "edge")).isInstanceOf(BadConfiguration.class);
        assertThatThrownBy(() -> settings("")).isInstanceOf(BadConfiguration.class);
        for (var count : List.of("0", "17", "many", "-1")) {
            assertThatThrownBy(() ->
                            RoleSettings.of(new Config(List.of("edge"), Optional.empty(), count)))
                    .isInstanceOf(BadConfiguration.class)
                    .hasMessageContaining("chiral.edge.reservations");
        }
        assertThatThrownBy(() ->
                        RoleSettings.of(
                                new Config(
                                        List.of("edge"),
                                        Optional.of(List.of("/ip4/192.0.2.1/tcp/1")),
                                        "2")))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("chiral.edge.relays");
    }
}
