// SPDX-License-Identifier: Apache-2.0
/// How a raw channel becomes a secure one.
///
/// [SecureChannel] is what the muxer sees of it; `noise` makes one.
@NullMarked
package network.chiral.edge.libp2p.security;

import org.jspecify.annotations.NullMarked;
