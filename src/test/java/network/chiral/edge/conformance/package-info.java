// SPDX-License-Identifier: Apache-2.0
/// The rules of libp2p's specifications, and which tests prove them.
///
/// [Clause] marks a test; `src/test/conformance` lists the rules.
@NullMarked
package network.chiral.edge.conformance;

import org.jspecify.annotations.NullMarked;
