// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

/// How the sender stands to a peer that it names.
public enum Connectedness {
    NOT_CONNECTED(0),
    CONNECTED(1),
    CAN_CONNECT(2),
    CANNOT_CONNECT(3);

    /// On the wire.
    final int number;

    Connectedness(int number) {
        this.number = number;
    }

    /// Unknown numbers say nothing, like 0.
    static Connectedness of(long number) {
        for (var connectedness : values()) {
            if (connectedness.number == number) {
                return connectedness;
            }
        }
        return NOT_CONNECTED;
    }
}
