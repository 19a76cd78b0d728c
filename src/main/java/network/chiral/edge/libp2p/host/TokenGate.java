// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

/// What a token is asked for before.
public enum TokenGate {
    /// Nothing.
    OFF,
    /// A reservation.
    RESERVE,
    /// A reservation and a circuit.
    RESERVE_AND_CONNECT
}
