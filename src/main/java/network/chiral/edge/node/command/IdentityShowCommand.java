// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.node.NodeConfig;
import network.chiral.edge.node.NodeSettings;
import network.chiral.edge.node.RelayConfig;
import network.chiral.edge.node.SettingValue;
import network.chiral.edge.node.configuration.Mappings;
import network.chiral.edge.node.identity.KeyFile;
import network.chiral.edge.node.identity.OwnIdentity;

/// `identity show`: who the node is to others; of the private key nothing.
final class IdentityShowCommand implements Command {
    static final String KEY_FILE = "--key-file";

    private final Settings settings;

    IdentityShowCommand(Settings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "identity show";
    }

    @Override
    public String summary() {
        return "prints peer id and public key";
    }

    @Override
    public String help() {
        return """
        identity show [--key-file FILE] [--json]
        Makes no key where there is none, and never prints a private one.
          --key-file FILE  that one; without it what the node would use
          --json           one line of JSON: peerId, publicKey (libp2p's form in base64), source\
        """;
    }

    @Override
    public int run(List<String> typed, Console console) throws BadUsage, IOException {
        var arguments = Arguments.of(typed, Set.of(CacheFiles.JSON), Set.of(KEY_FILE));
        arguments.expectNoRest();
        var all = new Mappings(settings.read());
        var crypto = NodeSettings.crypto(all.of(NodeConfig.class)).provider();
        var named = arguments.value(KEY_FILE);
        Optional<Identity> identity;
        String source;
        if (named.isPresent()) {
            var file = SettingValue.path(KEY_FILE, named.get());
            identity = KeyFile.find(file, crypto);
            source = "key file " + file;
        } else {
            var node = NodeSettings.of(all.of(NodeConfig.class), all.of(RelayConfig.class));
            identity = OwnIdentity.find(node, crypto);
            source = OwnIdentity.place(node);
        }
        var found =
                identity.orElseThrow(() ->
                        new IOException(
                                "there is no "
                                        + source
                                        + " yet: the node makes it at its first"
                                        + " start, or `"
                                        + Commands.PROGRAM
                                        + " identity new`"));
        print(found, source, arguments, console);
        return Commands.OK;
    }

    static void print(Identity identity, String source, Arguments arguments, Console console) {
        var publicKey = Base64.getEncoder().encodeToString(identity.publicKey().serialized());
        if (arguments.has(CacheFiles.JSON)) {
            console.out()
                    .println(
                            Json.object(json -> {
                                json.writeStringField("peerId", identity.peerId().toString());
                                json.writeStringField("publicKey", publicKey);
                                json.writeStringField("source", source);
                            }));
            return;
        }
        console.out().println("peer id:    " + identity.peerId());
        console.out().println("public key: " + publicKey);
        console.out().println("source:     " + source);
    }
}
