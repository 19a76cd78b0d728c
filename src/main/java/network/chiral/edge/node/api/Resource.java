// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api;

import java.util.List;

/// A thing of the admin API, with what can be asked of it.
public interface Resource {
    List<Route> routes();
}
