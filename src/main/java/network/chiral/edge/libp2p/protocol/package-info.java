// SPDX-License-Identifier: Apache-2.0
/// One package per protocol, none of which knows another. `host` puts them together.
///
/// In each, an `XService` answers inbound streams, an `XClient` opens outbound ones, an `XMessage`
/// crosses the wire, an `XCodec` spells it, an `XTable` decides and `XLimits` bound it.
@NullMarked
package network.chiral.edge.libp2p.protocol;

import org.jspecify.annotations.NullMarked;
