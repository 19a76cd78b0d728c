// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.roles;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Which roles the node has, given what is known of its surroundings.
final class RolePlan {
    private static final Set<Role> PUBLIC = EnumSet.of(Role.BOOTSTRAP, Role.RELAY);

    private RolePlan() {}

    /// The roles to take up.
    ///
    /// @param fixed what the operator named, which holds whatever is known; empty to decide
    /// @param announces whether the operator named addresses to announce
    /// @param reachable whether other peers were seen to reach the node; empty while nobody has tried
    /// @param hasAddress whether the machine has an address that is in scope
    static Set<Role> roles(
            Set<Role> fixed, boolean announces, Optional<Boolean> reachable, boolean hasAddress) {
        if (!fixed.isEmpty()) {
            return fixed;
        }
        if (announces) {
            return PUBLIC;
        }
        return reachable.orElse(hasAddress) ? PUBLIC : EnumSet.of(Role.EDGE);
    }
}
