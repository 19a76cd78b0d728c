// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.access;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Decides whether a request may be, by nothing but what it is told.
///
/// A browser on the operator's machine reaches the loopback too, at the word of any page. So nothing is
/// answered that a page of another origin asks for, nothing under a name that an attacker can have point
/// here (an IP address or localhost cannot), and nothing is changed by what a form can send.
///
/// @param loopback whether who is on this machine needs to show nothing
/// @param certificates whether a verified client certificate is enough
/// @param hosts further names of the management port, in lower case
/// @param tokens those that are good
record AdminGate(boolean loopback, boolean certificates, Set<String> hosts, AdminTokens tokens) {
    private static final Set<String> SAME_ORIGIN = Set.of("same-origin", "none");

    AdminGate {
        hosts = Set.copyOf(hosts);
    }

    /// Whether `request` may be, without a look at its token.
    Verdict judge(AdminRequest request) {
        var headers = request.headers();
        if (!headers.host().map(this::isOurs).orElse(false)) {
            return Verdict.STRANGE_HOST;
        }
        if (isForeign(headers)) {
            return Verdict.FOREIGN_PAGE;
        }
        if (!request.isSafe() && !headers.own() && !isJson(headers)) {
            return Verdict.PLAIN_FORM;
        }
        return isKnown(request) ? Verdict.ADMITTED : Verdict.NO_CREDENTIALS;
    }

    /// Whether a token may help a request that shows nothing else.
    boolean wantsToken() {
        return !tokens.isEmpty();
    }

    private boolean isKnown(AdminRequest request) {
        return certificates && request.certificate()
                || loopback && request.remote().isLoopbackAddress() && !request.forwarded();
    }

    private static boolean isJson(AdminRequest.Headers headers) {
        return headers.contentType().filter("application/json"::equals).isPresent();
    }

    private static boolean isForeign(AdminRequest.Headers headers) {
        if (headers.fetchSite().isPresent() && !SAME_ORIGIN.contains(headers.fetchSite().get())) {
            return true;
        }
        var own = headers.host().orElse("").toLowerCase(Locale.ROOT);
        return headers.origin()
                .map(origin -> origin.toLowerCase(Locale.ROOT))
                .filter(origin -> !origin.equals("http://" + own))
                .filter(origin -> !origin.equals("https://" + own))
                .isPresent();
    }

    private boolean isOurs(String host) {
        var name = nameOf(host.toLowerCase(Locale.ROOT));
        return name.equals("localhost") || hosts.contains(name) || isAddress(name);
    }

    /// Without the port.
    private static String nameOf(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? "" : host.substring(1, end);
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    private static boolean isAddress(String name) {
        return literal(name).isPresent();
    }

    private static Optional<InetAddress> literal(String name) {
        try {
            return Optional.of(InetAddress.ofLiteral(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
