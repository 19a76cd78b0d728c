// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.transport;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Netty's C library for epoll, which a native executable carries inside.
///
/// The system loads libraries from files only, so it is written to one, loaded, and the file deleted.
/// Netty would do the same in the folder for temporary files alone, which a hardened container has not.
public final class EpollLibrary {
    private static final String NAME = "libnetty_transport_native_epoll_";
    private static final String SUFFIX = ".so";

    /// Netty's names of processors, by Java's.
    private static final Map<String, String> PROCESSORS =
            Map.of("amd64", "x86_64", "aarch64", "aarch_64");

    private EpollLibrary() {}

    /// Loads the library by way of the first of `folders` that takes files and lets them be loaded.
    ///
    /// @return why it cannot be used, one reason per folder; empty where it can
    public static List<String> load(List<Path> folders) {
        var reasons = new ArrayList<String>();
        for (var folder : folders) {
            var reason = loadFrom(folder);
            if (reason == null) {
                break;
            }
            reasons.add(reason);
        }
        if (reasons.size() < folders.size() && Epoll.isAvailable()) {
            return List.of();
        }
        return reasons;
    }

    private static @Nullable String loadFrom(Path folder) {
        var processor = PROCESSORS.get(System.getProperty("os.arch"));
        try (var library = resource(NAME + processor + SUFFIX)) {
            if (library == null) {
                return "there is none for " + System.getProperty("os.arch");
            }
            var file = Files.createTempFile(folder, NAME + processor, SUFFIX);
            try {
                Files.write(file, library.readAllBytes());
                System.load(file.toAbsolutePath().toString());
            } finally {
                Files.delete(file);
            }
            return null;
        } catch (IOException | UnsatisfiedLinkError e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static @Nullable InputStream resource(String name) {
        return Epoll.class.getClassLoader().getResourceAsStream("META-INF/native/" + name);
    }
}
