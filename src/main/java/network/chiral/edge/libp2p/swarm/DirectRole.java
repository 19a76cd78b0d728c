// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

/// What this side is on a direct connection that is to take the place of a relayed one.
public enum DirectRole {
    /// It alone dials, from any port, and speaks first.
    ALONE,
    /// Both dial, each from its listen port, and this side speaks first.
    CLIENT,
    /// Both dial, each from its listen port, and the other side speaks first.
    SERVER
}
