// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

/// Says in one sentence what is wrong with a command line.
final class BadUsage extends Exception {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    BadUsage(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }
}
