// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api;

import network.chiral.edge.node.api.Problem.Kind;
import network.chiral.edge.node.api.access.Verdict;

/// What somebody is told whom the gate does not admit.
final class Refusals {
    private static final String CHALLENGE = "Bearer realm=\"chiral-edge admin\"";

    private Refusals() {}

    static Problem of(Verdict verdict) {
        return switch (verdict) {
            case ADMITTED -> throw new IllegalArgumentException("it was admitted");
            case STRANGE_HOST ->
                    Problem.of(
                            Kind.MISDIRECTED,
                            "The Host header is neither localhost, nor an IP address, nor one of"
                                    + " chiral.admin.hosts.");
            case FOREIGN_PAGE ->
                    Problem.of(Kind.FORBIDDEN, "Origin or Sec-Fetch-Site name another site.");
            case PLAIN_FORM ->
                    Problem.of(
                            Kind.UNSUPPORTED_MEDIA_TYPE,
                            "What changes something needs Content-Type: application/json, or the"
                                    + " header X-Chiral-Admin.");
            case NO_CREDENTIALS ->
                    unauthorized(
                            "Authorization: Bearer with a token of chiral.admin.token-file is"
                                    + " needed, or a request from this machine where"
                                    + " chiral.admin.loopback allows that.");
            case WRONG_TOKEN -> unauthorized("The token is none of chiral.admin.token-file.");
            case TOO_MANY_TOKENS ->
                    Problem.of(
                                    Kind.TOO_MANY_REQUESTS,
                                    "Too many wrong tokens came from this address.")
                            .with("Retry-After", "6");
            case STARTING ->
                    Problem.of(Kind.UNAVAILABLE, "The node is starting.").with("Retry-After", "1");
        };
    }

    private static Problem unauthorized(String detail) {
        return Problem.of(Kind.UNAUTHORIZED, detail).with("WWW-Authenticate", CHALLENGE);
    }
}
