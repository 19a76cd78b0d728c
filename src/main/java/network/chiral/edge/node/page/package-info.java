/// The Network page: what the node knows of itself, in a browser, on the management port.
///
/// The files beside this package's classes (`index.html` and what it asks for) are served as they are:
/// there is no build step. They hold nothing of the node; all facts come from the admin API, with its
/// rules of access.
@NullMarked
package network.chiral.edge.node.page;

import org.jspecify.annotations.NullMarked;
