// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// What is known of one address of this node.
///
/// @param confidence how many more servers said so than said the opposite
/// @param why the latest answer in words: which server, when, what came of it; empty before the first
public record AddressReachability(
        Multiaddr address, Reachability reachability, int confidence, String why) {}
