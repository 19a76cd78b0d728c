// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import network.chiral.edge.node.BadConfiguration;
import network.chiral.edge.node.configuration.ConfigurationCheck;
import network.chiral.edge.node.configuration.EffectiveValue;
import network.chiral.edge.node.configuration.KnownKeys;

/// `check-config`: would the node start, and with what?
final class CheckConfigCommand implements Command {
    private final Settings settings;

    CheckConfigCommand(Settings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "check-config";
    }

    @Override
    public String summary() {
        return "checks all settings, and prints them with where each comes from";
    }

    @Override
    public String help() {
        return """
        check-config [--json]
        Reads environment, system properties and files as the node does, and prints every key, its value and
        where that comes from; secrets are masked. Reads lists, tokens and key too where they are configured.
        What is wrong goes to standard error, a line each, and the exit code is 1.
          --json  one line of JSON: ok, problems, values\
        """;
    }

    @Override
    public int run(List<String> typed, Console console) throws BadUsage {
        var arguments = Arguments.of(typed, Set.of("--json"), Set.of());
        arguments.expectNoRest();
        var known = KnownKeys.all();
        var problems = new ConfigurationCheck(known, settings).problems();
        var values = new ArrayList<EffectiveValue>();
        try {
            values.addAll(EffectiveValue.all(known, settings.read()));
        } catch (BadConfiguration e) {
            // no mapping can be made: it is among the problems, and there is nothing to show
            values.clear();
        }
        if (arguments.has("--json")) {
            console.out().println(json(problems, values));
        } else {
            print(problems, values, console);
        }
        return problems.isEmpty() ? Commands.OK : Commands.FAILED;
    }

    private static void print(List<String> problems, List<EffectiveValue> values, Console console) {
        var table = new Columns("KEY", "VALUE", "FROM");
        for (var value : values) {
            table.row(value.key(), value.value().isEmpty() ? "-" : value.value(), value.origin());
        }
        table.print(console.out());
        problems.forEach(problem -> console.err().println("error: " + problem));
        if (problems.isEmpty()) {
            console.err().println("The configuration is good.");
        }
    }

    private static String json(List<String> problems, List<EffectiveValue> values) {
        return Json.object(json -> {
            json.writeBooleanField("ok", problems.isEmpty());
            json.writeArrayFieldStart("problems");
            for (var problem : problems) {
                json.writeString(problem);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("values");
            for (var value : values) {
                write(value, json);
            }
            json.writeEndArray();
        });
    }

    private static void write(EffectiveValue value, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("key", value.key());
        json.writeStringField("environment", value.environment());
        json.writeStringField("value", value.value());
        json.writeStringField("origin", value.origin());
        json.writeEndObject();
    }
}
