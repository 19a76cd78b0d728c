// SPDX-License-Identifier: Apache-2.0
/// What several tests of the stack share: keys, a secure channel in memory, hosts on loopback.
@NullMarked
package network.chiral.edge.libp2p.testing;

import org.jspecify.annotations.NullMarked;
