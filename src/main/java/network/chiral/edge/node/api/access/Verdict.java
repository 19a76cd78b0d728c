// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.access;

import java.util.Locale;

/// Whether a request may be.
public enum Verdict {
    /// It may.
    ADMITTED,
    /// Its Host header is a name that is not ours: a page of that name may have had it point here.
    STRANGE_HOST,
    /// A page of another origin sent it.
    FOREIGN_PAGE,
    /// It changes something, and a form could have sent it.
    PLAIN_FORM,
    /// It shows nothing that allows it.
    NO_CREDENTIALS,
    /// Its token is none of ours.
    WRONG_TOKEN,
    /// Too many wrong tokens came from its address; this one was not looked at.
    TOO_MANY_TOKENS,
    /// The node is not there yet.
    STARTING;

    /// The name in metrics and logs.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
