// SPDX-License-Identifier: Apache-2.0
/// How messages are spelled: the part of protobuf that libp2p uses, read and written by hand.
///
/// [ProtoReader] is bounded by the array it reads; no length that a remote claims is ever allocated.
@NullMarked
package network.chiral.edge.libp2p.wire;

import org.jspecify.annotations.NullMarked;
