// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import network.chiral.edge.libp2p.wire.MalformedMessage;

/// What became of a dial of version 2 (autonat-v2.md, Requirements for DialStatus).
public enum DialStatus {
    UNUSED(0),
    E_DIAL_ERROR(100),
    E_DIAL_BACK_ERROR(101),
    OK(200);

    final int code;

    DialStatus(int code) {
        this.code = code;
    }

    static DialStatus of(long code) throws MalformedMessage {
        for (var status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        throw new MalformedMessage("dial status " + code);
    }
}
