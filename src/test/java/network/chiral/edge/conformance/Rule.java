// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.conformance;

/// One rule of a specification, or of this project.
///
/// @param area the file that lists it, without `.tsv`
/// @param level MUST, SHOULD or MAY of a specification; OURS where we ask more than it does
/// @param gap why no test proves it, or empty
record Rule(String area, String id, String level, String source, String wording, String gap) {
    boolean isOwed() {
        return level.equals("MUST") && gap.isEmpty();
    }
}
