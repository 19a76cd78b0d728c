// SPDX-License-Identifier: Apache-2.0
/// Who may use the admin API. [AdminGate] decides and knows nothing else; [AdminAccess] keeps the tokens
/// and counts those that were wrong.
@NullMarked
package network.chiral.edge.node.api.access;

import org.jspecify.annotations.NullMarked;
