// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.log;

import jakarta.inject.Singleton;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtHandler;

/// Puts the console's formatter in place before anything else of the node starts.
///
/// Quarkus' own extension for that is not to be had where this is built; what it logs before, a few
/// warnings at most, stays text.
@Singleton
public final class LogFormat {
    /// The first thing of the node that is made: all settings depend on it.
    LogFormat(LogConfig config) {
        if (LogStyle.of(config) == LogStyle.JSON) {
            for (var handler : Logger.getLogger("").getHandlers()) {
                format(handler);
            }
        }
    }

    private static void format(Handler handler) {
        switch (handler) {
            case org.jboss.logmanager.handlers.ConsoleHandler console ->
                    console.setFormatter(new JsonFormatter());
            case ConsoleHandler console -> console.setFormatter(new JsonFormatter());
            case ExtHandler outer -> {
                for (var inner : outer.getHandlers()) {
                    format(inner);
                }
            }
            default -> {}
        }
    }
}
