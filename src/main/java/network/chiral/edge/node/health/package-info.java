// SPDX-License-Identifier: Apache-2.0
/// What probes are told. Every check reads values that are there already and does no work.
///
/// Liveness asks whether the process works, startup whether it got going, readiness whether it should
/// get traffic, wellness how warm it is.
@NullMarked
package network.chiral.edge.node.health;

import org.jspecify.annotations.NullMarked;
