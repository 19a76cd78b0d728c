// SPDX-License-Identifier: Apache-2.0
/// AutoNAT, both versions and both sides (autonat/autonat-v1.md, autonat/autonat-v2.md): tells others
/// whether they can be reached, and finds out whether this node can.
///
/// Read [AutoNatV2Server] first, then [AutoNatV1Server]: they dial strangers at the word of strangers,
/// so [DialBackPolicy] says what may be dialled at all and [RequestTable] how often. [AutoNatProber] asks
/// others through [AutoNatV2Client] and [AutoNatV1Client]; [ReachabilityTable] makes a
/// [ReachabilityDetails] of the answers, and [ObservedAddressTable] finds addresses that nobody
/// configured.
@NullMarked
package network.chiral.edge.libp2p.protocol.autonat;

import org.jspecify.annotations.NullMarked;
