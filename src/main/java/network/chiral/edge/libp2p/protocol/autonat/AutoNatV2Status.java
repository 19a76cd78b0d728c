// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import network.chiral.edge.libp2p.wire.MalformedMessage;

/// What became of a request of version 2 (autonat-v2.md, Requirements for ResponseStatus).
public enum AutoNatV2Status {
    E_INTERNAL_ERROR(0),
    E_REQUEST_REJECTED(100),
    E_DIAL_REFUSED(101),
    OK(200);

    final int code;

    AutoNatV2Status(int code) {
        this.code = code;
    }

    static AutoNatV2Status of(long code) throws MalformedMessage {
        for (var status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        throw new MalformedMessage("response status " + code);
    }
}
