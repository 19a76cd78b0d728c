// SPDX-License-Identifier: Apache-2.0
/// What the node is to the network: bootstrap node, relay, or edge behind relays.
///
/// [RolePlan] decides, [RoleKeeper] lets it become so and changes it when the surroundings do.
@NullMarked
package network.chiral.edge.node.roles;

import org.jspecify.annotations.NullMarked;
