// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import network.chiral.edge.libp2p.wire.MalformedMessage;

/// What became of a request of version 1 (autonat-v1.md, RPC messages).
public enum AutoNatV1Status {
    OK(0),
    E_DIAL_ERROR(100),
    E_DIAL_REFUSED(101),
    E_BAD_REQUEST(200),
    E_INTERNAL_ERROR(300);

    final int code;

    AutoNatV1Status(int code) {
        this.code = code;
    }

    static AutoNatV1Status of(long code) throws MalformedMessage {
        for (var status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        throw new MalformedMessage("response status " + code);
    }
}
