// SPDX-License-Identifier: Apache-2.0
/// The rules of libp2p's specifications, and which tests prove them.
///
/// [Clause] marks a test; `src/test/conformance` lists the rules ([RuleFiles]). [ResultRecorder]
/// writes down how each test went, and [ConformancePage] makes `docs/conformance.md` of all three.
@NullMarked
package network.chiral.edge.conformance;

import org.jspecify.annotations.NullMarked;
