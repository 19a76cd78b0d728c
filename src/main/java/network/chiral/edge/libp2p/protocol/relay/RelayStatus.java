// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

/// The status codes of relay/circuit-v2.md.
public enum RelayStatus {
    UNUSED(0),
    OK(100),
    RESERVATION_REFUSED(200),
    RESOURCE_LIMIT_EXCEEDED(201),
    PERMISSION_DENIED(202),
    CONNECTION_FAILED(203),
    NO_RESERVATION(204),
    MALFORMED_MESSAGE(400),
    UNEXPECTED_MESSAGE(401);

    private final int code;

    RelayStatus(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /// The status of a code; an unknown one reads as [#UNUSED], which is no success.
    public static RelayStatus of(long code) {
        for (var status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        return UNUSED;
    }
}
