// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.negotiation;

/// The name by which two sides agree on a protocol, for instance `/ipfs/ping/1.0.0`.
///
/// @param name begins with a slash and fits one multistream line
public record ProtocolId(String name) {
    public ProtocolId {
        if (!name.startsWith("/") || name.length() > 512 || name.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("'" + name + "' is no protocol id");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
