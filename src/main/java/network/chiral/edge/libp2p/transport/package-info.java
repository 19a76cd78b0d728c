// SPDX-License-Identifier: Apache-2.0
/// Sockets: TCP listeners and dials on event loops that somebody else owns, and names into addresses.
@NullMarked
package network.chiral.edge.libp2p.transport;

import org.jspecify.annotations.NullMarked;
