// SPDX-License-Identifier: Apache-2.0
/// This node with its protocols: the only package that knows all of them.
///
/// [HostSettings] says what it is to be, [Host] is it.
@NullMarked
package network.chiral.edge.libp2p.host;

import org.jspecify.annotations.NullMarked;
