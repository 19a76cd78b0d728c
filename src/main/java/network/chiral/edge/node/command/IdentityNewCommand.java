// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.node.NodeConfig;
import network.chiral.edge.node.NodeSettings;
import network.chiral.edge.node.RelayConfig;
import network.chiral.edge.node.SettingValue;
import network.chiral.edge.node.configuration.Mappings;
import network.chiral.edge.node.identity.KeyFile;

/// `identity new`: a key file of a new identity.
final class IdentityNewCommand implements Command {
    private static final String FORCE = "--force";

    private final Settings settings;
    private final Clock clock;

    IdentityNewCommand(Settings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "identity new";
    }

    @Override
    public String summary() {
        return "makes a key file, which only its owner may read";
    }

    @Override
    public String help() {
        return """
        identity new [--key-file FILE] [--force] [--json]
        Whoever knows the old peer id does not find the node any more: a new key is a new node to the network.
        A running node keeps its identity until it starts again.
          --key-file FILE  that one; without it chiral.identity.key-file
          --force          although there is a key, which is kept as FILE.replaced-TIME
          --json           one line of JSON: peerId, publicKey (libp2p's form in base64), source\
        """;
    }

    @Override
    public int run(List<String> typed, Console console) throws BadUsage, IOException {
        var arguments =
                Arguments.of(
                        typed,
                        Set.of(FORCE, CacheFiles.JSON),
                        Set.of(IdentityShowCommand.KEY_FILE));
        arguments.expectNoRest();
        var all = new Mappings(settings.read());
        var file = file(arguments, all);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !arguments.has(FORCE)) {
            throw new IOException(
                    file + " is there already; " + FORCE + " makes a new one and keeps the old");
        }
        make(file, NodeSettings.crypto(all.of(NodeConfig.class)).provider(), arguments, console);
        return Commands.OK;
    }

    private static Path file(Arguments arguments, Mappings all) throws IOException {
        var named = arguments.value(IdentityShowCommand.KEY_FILE);
        if (named.isPresent()) {
            return SettingValue.path(IdentityShowCommand.KEY_FILE, named.get());
        }
        var node = NodeSettings.of(all.of(NodeConfig.class), all.of(RelayConfig.class));
        if (node.secretFile().isPresent()) {
            throw new IOException(
                    "the node takes its key from the secret file "
                            + node.secretFile().get()
                            + " and reads no key file; name one with "
                            + IdentityShowCommand.KEY_FILE
                            + ", or take chiral.identity.secret-file away");
        }
        if (node.seed().isPresent()) {
            throw new IOException(
                    "the node takes its key from the seed file "
                            + node.seed().get().file()
                            + "; name a key file with "
                            + IdentityShowCommand.KEY_FILE
                            + ", or take chiral.identity.seed-file away");
        }
        return node.keyFile();
    }

    private void make(Path file, CryptoProvider crypto, Arguments arguments, Console console)
            throws IOException {
        KeyFile.replace(file, crypto, clock.instant())
                .ifPresent(aside -> console.err().println("The old key is kept as " + aside));
        var identity =
                KeyFile.find(file, crypto)
                        .orElseThrow(() -> new IOException(file + " is gone again"));
        IdentityShowCommand.print(identity, "key file " + file, arguments, console);
    }
}
