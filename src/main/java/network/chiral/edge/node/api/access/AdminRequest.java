// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.access;

import java.net.InetAddress;
import java.util.Optional;

/// What of a request decides whether it may be.
///
/// @param remote the other end of the connection
/// @param forwarded whether a proxy says that it hands on what somebody else asked
/// @param headers what the client says
/// @param certificate whether TLS has verified a certificate of the client
public record AdminRequest(
        String method,
        InetAddress remote,
        boolean forwarded,
        Headers headers,
        boolean certificate) {

    /// The headers that count.
    ///
    /// @param contentType without its parameters, in lower case
    /// @param own whether `X-Chiral-Admin` is there, which no form and no foreign page can send
    /// @param token what stands behind `Bearer`
    public record Headers(
            Optional<String> host,
            Optional<String> origin,
            Optional<String> fetchSite,
            Optional<String> contentType,
            boolean own,
            Optional<String> token) {}

    /// True where the request changes nothing.
    boolean isSafe() {
        return method.equals("GET") || method.equals("HEAD");
    }
}
