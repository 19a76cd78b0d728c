// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

/// What a relay goes by.
///
/// @param limits what it gives away
/// @param gate to whom
public record RelayRules(RelayLimits limits, RelayGate gate) {}
