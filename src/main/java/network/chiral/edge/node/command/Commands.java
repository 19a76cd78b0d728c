// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import network.chiral.edge.node.BadConfiguration;
import network.chiral.edge.node.Nearest;
import network.chiral.edge.node.configuration.ProgramConfiguration;

/// The commands of the program.
public final class Commands {
    /// All is well.
    static final int OK = 0;

    /// The command was understood, and what it asked for failed.
    static final int FAILED = 1;

    /// The command line says something else than a command knows (as the BSD and GNU tools have it).
    static final int USAGE = 2;

    /// `cache verify`: the file is damaged, and some of its peers can be read.
    static final int DAMAGED = 3;

    /// `cache verify`: none of its peers can.
    static final int UNREADABLE = 4;

    static final String PROGRAM = "chiral-edge";

    private static final List<String> HELP = List.of("--help", "-h", "help");
    private static final List<String> VERSION = List.of("--version", "-V", "version");

    private final List<Command> all;
    private final Console console;

    private Commands(Console console) {
        this.console = console;
        var clock = Clock.systemUTC();
        var cache = new CacheFiles(ProgramConfiguration::read, clock);
        this.all =
                List.of(
                        new CheckConfigCommand(ProgramConfiguration::read),
                        new CacheShowCommand(cache),
                        new CacheVerifyCommand(cache),
                        new CacheRepairCommand(cache),
                        new CacheImportCommand(cache),
                        new CacheExportCommand(cache),
                        new IdentityShowCommand(ProgramConfiguration::read),
                        new IdentityNewCommand(ProgramConfiguration::read, clock),
                        new PingCommand(),
                        new VersionCommand());
    }

    /// Runs the command that `arguments` begin with.
    ///
    /// @return its exit code; empty where there are no arguments and the program is to be a node
    public static OptionalInt run(List<String> arguments, PrintStream out, PrintStream err) {
        return arguments.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(new Commands(new Console(out, err)).run(arguments));
    }

    private int run(List<String> arguments) {
        var first = arguments.getFirst();
        var rest = arguments.subList(1, arguments.size());
        if (VERSION.contains(first)) {
            return run(new VersionCommand(), rest);
        }
        if (HELP.contains(first)) {
            return help(rest);
        }
        for (int words = 2; words >= 1; words--) {
            if (arguments.size() >= words) {
                var name = String.join(" ", arguments.subList(0, words));
                for (var command : all) {
                    if (command.name().equals(name)) {
                        return run(command, arguments.subList(words, arguments.size()));
                    }
                }
            }
        }
        return isGroup(first) ? group(first, rest) : unknown(first);
    }

    private int run(Command command, List<String> typed) {
        int end = typed.indexOf("--");
        var options = end < 0 ? typed : typed.subList(0, end);
        if (options.contains("--help") || options.contains("-h")) {
            console.out().println(usage(command));
            return OK;
        }
        try {
            return command.run(typed, console);
        } catch (BadUsage e) {
            console.err().println("error: " + e.sentence());
            console.err().println(usage(command));
            return USAGE;
        } catch (BadConfiguration e) {
            console.err().println("error: " + e.sentence());
        } catch (IOException e) {
            console.err().println("error: " + (e.getMessage() == null ? e : e.getMessage()));
        }
        return FAILED;
    }

    private static String usage(Command command) {
        return "usage: " + PROGRAM + " " + command.help().strip();
    }

    private boolean isGroup(String word) {
        return all.stream().anyMatch(command -> command.name().startsWith(word + " "));
    }

    private int group(String group, List<String> rest) {
        var members = all.stream().filter(one -> one.name().startsWith(group + " ")).toList();
        if (!rest.isEmpty() && HELP.contains(rest.getFirst())) {
            console.out().println(list(members));
            return OK;
        }
        var typed = rest.isEmpty() ? "" : rest.getFirst();
        console.err()
                .println(
                        typed.isEmpty()
                                ? "error: " + group + " wants a second word"
                                : noCommand(group + " " + typed, members));
        console.err().println(list(members));
        return USAGE;
    }

    private int unknown(String word) {
        if (word.startsWith("-D") || word.startsWith("-X")) {
            console.err()
                    .println("error: " + word + " is for the JVM and has to stand before -jar");
            return USAGE;
        }
        console.err().println(noCommand(word, all));
        console.err().println("All of them: " + PROGRAM + " --help");
        return USAGE;
    }

    private static String noCommand(String typed, List<Command> candidates) {
        var words = new TreeSet<String>(candidates.stream().map(Command::name).toList());
        if (typed.indexOf(' ') < 0) {
            // whoever typed one word meant one: `cahce` is nearest to the group
            words.addAll(words.stream().map(name -> name.replaceFirst(" .*", "")).toList());
            words.addAll(List.of("--help", "--version"));
        }
        return "error: there is no command "
                + typed
                + Nearest.of(typed, words)
                        .map(nearest -> "; did you mean " + nearest + "?")
                        .orElse("");
    }

    private int help(List<String> of) {
        if (!of.isEmpty()) {
            var asked = new ArrayList<>(of);
            asked.add("--help");
            return run(asked);
        }
        console.out()
                .println(
                        """
                        Chiral Edge: a relay-capable bootstrap and edge node for libp2p networks.

                        usage: %s              starts the node; it reads CHIRAL_* and application.properties
                               %s COMMAND ...  does one thing, starts no node and opens no port

                        %s

                        %s COMMAND --help tells more. Exit codes: 0 all is well, 1 it failed, 2 the command line
                        makes no sense, 3 and 4 see `cache verify --help`. A node that SIGTERM ends has 143.\
                        """
                                .formatted(PROGRAM, PROGRAM, list(all), PROGRAM));
        return OK;
    }

    private static String list(List<Command> commands) {
        Function<Command, String> line =
                command -> "  %-15s %s".formatted(command.name(), command.summary());
        return "commands:\n" + commands.stream().map(line).collect(Collectors.joining("\n"));
    }
}
