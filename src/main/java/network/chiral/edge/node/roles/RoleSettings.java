// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.roles;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import network.chiral.edge.libp2p.host.EdgeSettings;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.node.BadConfiguration;
import network.chiral.edge.node.SettingValue;

/// What the configuration says of roles, read and checked.
///
/// @param fixed the roles that the operator names; empty for `auto`
/// @param relays to ask first
/// @param reservations to hold at once
public record RoleSettings(Set<Role> fixed, List<Multiaddr> relays, int reservations) {
    /// More slots than this serve nobody and fill other people's relays.
    private static final int MAX_RESERVATIONS = 16;

    public RoleSettings {
        fixed = Set.copyOf(fixed);
        relays = List.copyOf(relays);
    }

    /// Reads and checks.
    ///
    /// @throws BadConfiguration for the first value that cannot be
    public static RoleSettings of(RolesConfig config) {
        return new RoleSettings(
                roles(config.roles()),
                config.edge().relays().orElse(List.of()).stream()
                        .filter(text -> !text.isBlank())
                        .map(text -> SettingValue.peerAddress("chiral.edge.relays", text))
                        .distinct()
                        .toList(),
                reservations(config.edge().reservations()));
    }

    private static Set<Role> roles(List<String> names) {
        var fixed = EnumSet.noneOf(Role.class);
        boolean auto = false;
        for (var name : names) {
            if (name.strip().equalsIgnoreCase("auto")) {
                auto = true;
            } else if (!name.isBlank()) {
                fixed.add(role(name));
            }
        }
        if (auto && !fixed.isEmpty()) {
            throw new BadConfiguration(
                    "chiral.roles", String.join(",", names), "auto, or roles, not both");
        }
        if (!auto && fixed.isEmpty()) {
            throw new BadConfiguration(
                    "chiral.roles", "", "auto, or some of bootstrap, relay, edge");
        }
        return fixed;
    }

    private static Role role(String name) {
        for (var role : Role.values()) {
            if (role.name().equalsIgnoreCase(name.strip())) {
                return role;
            }
        }
        throw new BadConfiguration("chiral.roles", name, "auto, or some of bootstrap, relay, edge");
    }

    private static int reservations(String text) {
        try {
            int count = Integer.parseInt(text.strip());
            if (count >= 1 && count <= MAX_RESERVATIONS) {
                return count;
            }
        } catch (NumberFormatException e) {
            // falls to the one sentence below
        }
        throw new BadConfiguration(
                "chiral.edge.reservations", text, "a number from 1 to " + MAX_RESERVATIONS);
    }

    /// As the host takes it.
    public EdgeSettings edge() {
        return new EdgeSettings(relays, reservations, List.of());
    }
}
