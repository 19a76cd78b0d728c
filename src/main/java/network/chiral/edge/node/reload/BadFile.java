// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reload;

/// Says in a few words what is wrong with a file.
public final class BadFile extends Exception {
    private static final long serialVersionUID = 1L;

    public BadFile(String fault) {
        super(fault);
    }
}
