// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

/// Whether a host is a relay for others.
public enum RelayMode {
    /// It is.
    TRUE,
    /// It is not.
    FALSE,
    /// It is while it can be reached from the internet: it was told what to announce, or found out.
    AUTO
}
