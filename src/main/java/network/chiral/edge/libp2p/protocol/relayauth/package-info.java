// SPDX-License-Identifier: Apache-2.0
/// Chiral's token gate, `/chiral/relay-auth/1.0.0`: a client shows a token before it asks the relay for
/// anything.
///
/// Read [RelayAuthService] first; [TokenTable] knows the tokens and who has shown one.
@NullMarked
package network.chiral.edge.libp2p.protocol.relayauth;

import org.jspecify.annotations.NullMarked;
