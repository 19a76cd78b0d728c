// SPDX-License-Identifier: Apache-2.0
/// `/libp2p/dcutr`: two peers that met through a relay connect directly (relay/DCUtR.md).
///
/// [DcutrService] is both sides of the conversation; [DcutrCodec] spells [DcutrMessage].
@NullMarked
package network.chiral.edge.libp2p.protocol.dcutr;

import org.jspecify.annotations.NullMarked;
