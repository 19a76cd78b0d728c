// SPDX-License-Identifier: Apache-2.0
/// What the program does for somebody at a shell instead of being a node.
///
/// [Commands] knows them all; each [Command] runs without the application, so that it answers at once.
@NullMarked
package network.chiral.edge.node.command;

import org.jspecify.annotations.NullMarked;
