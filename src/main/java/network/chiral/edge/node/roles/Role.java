// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.roles;

/// One thing that the node may be to the network.
public enum Role {
    /// Answers who is there, and stays where it is.
    BOOTSTRAP,
    /// Lets others be reached through it.
    RELAY,
    /// Has itself be reached through others.
    EDGE
}
