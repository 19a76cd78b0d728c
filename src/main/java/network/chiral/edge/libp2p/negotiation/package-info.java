// SPDX-License-Identifier: Apache-2.0
/// multistream-select 1.0: two sides agree on a protocol by name.
///
/// [ListenerNegotiation] answers proposals, [DialerNegotiation] makes them. Both are fed with whatever
/// bytes came and leave what follows the agreement unread, so that a dialer may send its first payload
/// right behind its proposal (lazy negotiation, as rust and go dialers do).
@NullMarked
package network.chiral.edge.libp2p.negotiation;

import org.jspecify.annotations.NullMarked;
