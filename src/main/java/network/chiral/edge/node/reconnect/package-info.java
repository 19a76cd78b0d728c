// SPDX-License-Identifier: Apache-2.0
/// How the node comes back warm: all cached peers dialled at once, five seconds each.
///
/// [ReconnectPlan] decides whom and in which order, [Reconnector] runs the round, [PeerDialer] is one
/// peer's five seconds, [PersistentDialer] tries again inside of them, [CacheWarmth] says how it went.
@NullMarked
package network.chiral.edge.node.reconnect;

import org.jspecify.annotations.NullMarked;
