// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.util.List;
import java.util.Set;
import network.chiral.edge.libp2p.crypto.CryptoProviders;

/// `--version`: what runs here, for a report of a fault.
final class VersionCommand implements Command {
    @Override
    public String name() {
        return "version";
    }

    @Override
    public String summary() {
        return "tells the version of program, runtime and libcrypto; also --version";
    }

    @Override
    public String help() {
        return """
        version [--json]
          --json  one line of JSON\
        """;
    }

    @Override
    public int run(List<String> typed, Console console) throws BadUsage {
        var arguments = Arguments.of(typed, Set.of("--json"), Set.of());
        arguments.expectNoRest();
        var build = Build.HERE.get();
        var crypto = CryptoProviders.select();
        if (arguments.has("--json")) {
            console.out()
                    .println(
                            Json.object(json -> {
                                json.writeStringField("version", build.version());
                                json.writeStringField("commit", build.commit());
                                json.writeStringField("runtime", runtime());
                                json.writeStringField("crypto", crypto.provider().name());
                            }));
            return Commands.OK;
        }
        console.out().println(Commands.PROGRAM + " " + build.version());
        console.out().println("commit:  " + build.commit());
        console.out().println("runtime: " + runtime());
        console.out().println("crypto:  " + crypto.provider().name());
        for (var rejection : crypto.rejected()) {
            console.out().println("  not " + rejection.candidate() + ": " + rejection.reason());
        }
        return Commands.OK;
    }

    private static String runtime() {
        var java = "Java " + Runtime.version();
        var maker =
                System.getProperty("java.vendor.version", System.getProperty("java.vm.name", ""));
        return System.getProperty("org.graalvm.nativeimage.imagecode") == null
                ? java + " (" + maker + ")"
                : java + " (native executable, " + maker + ")";
    }
}
