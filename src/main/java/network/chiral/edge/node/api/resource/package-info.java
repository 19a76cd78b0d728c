// SPDX-License-Identifier: Apache-2.0
/// What can be asked of the node, one class for each thing, and how it is spelled in JSON. The document is
/// `openapi.yaml` beside these classes; a test holds the two together.
@NullMarked
package network.chiral.edge.node.api.resource;

import org.jspecify.annotations.NullMarked;
