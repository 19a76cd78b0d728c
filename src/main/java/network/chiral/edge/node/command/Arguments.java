// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import network.chiral.edge.node.Nearest;

/// What stands behind a command's name: options in any order, and the rest.
///
/// A value follows as the next word or behind `=`; what follows `--` is no option.
final class Arguments {
    private final Map<String, String> options = new HashMap<>();
    private final List<String> rest = new ArrayList<>();

    private Arguments() {}

    /// @param flags options without a value, such as `--json`
    /// @param valued options with one
    static Arguments of(List<String> typed, Set<String> flags, Set<String> valued) throws BadUsage {
        var arguments = new Arguments();
        var words = typed.iterator();
        boolean options = true;
        while (words.hasNext()) {
            var word = words.next();
            if (options && word.equals("--")) {
                options = false;
            } else if (!options || !word.startsWith("-") || word.equals("-")) {
                arguments.rest.add(word);
            } else {
                int equals = word.indexOf('=');
                var name = equals < 0 ? word : word.substring(0, equals);
                if (valued.contains(name)) {
                    if (equals < 0 && !words.hasNext()) {
                        throw new BadUsage(name + " wants a value");
                    }
                    arguments.put(name, equals < 0 ? words.next() : word.substring(equals + 1));
                } else if (flags.contains(name) && equals < 0) {
                    arguments.put(name, "");
                } else {
                    throw unknown(word, flags, valued);
                }
            }
        }
        return arguments;
    }

    private static BadUsage unknown(String word, Set<String> flags, Set<String> valued) {
        var known = new TreeSet<>(flags);
        known.addAll(valued);
        return new BadUsage(
                "there is no option "
                        + word
                        + Nearest.of(word, known)
                                .map(nearest -> "; did you mean " + nearest + "?")
                                .orElse(""));
    }

    private void put(String name, String value) throws BadUsage {
        if (options.putIfAbsent(name, value) != null) {
            throw new BadUsage(name + " stands there twice");
        }
    }

    boolean has(String flag) {
        return options.containsKey(flag);
    }

    Optional<String> value(String option) {
        return Optional.ofNullable(options.get(option));
    }

    /// What is no option.
    List<String> rest() {
        return rest;
    }

    /// Where a command takes nothing else.
    void expectNoRest() throws BadUsage {
        if (!rest.isEmpty()) {
            throw new BadUsage("nothing is wanted behind the options, not " + rest.getFirst());
        }
    }

    /// The one word that has to be there.
    String only(String what) throws BadUsage {
        if (rest.size() != 1) {
            throw new BadUsage("one " + what + " is wanted, not " + rest.size());
        }
        return rest.getFirst();
    }
}
