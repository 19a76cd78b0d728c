// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;

/// The OpenAPI document of the admin API, held against what the program answers.
public final class ApiDocument {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final JsonNode document;

    private ApiDocument(JsonNode document) {
        this.document = document;
    }

    /// @param yaml as it was served
    public static ApiDocument parse(String yaml) {
        try {
            return new ApiDocument(new YAMLMapper().readTree(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All that it says can be asked, such as `GET /status`.
    public Set<String> operations() {
        var operations = new TreeSet<String>();
        document.get("paths")
                .properties()
                .forEach(path ->
                        path.getValue()
                                .fieldNames()
                                .forEachRemaining(method -> {
                                    if (METHODS.contains(method)) {
                                        operations.add(method.toUpperCase() + " " + path.getKey());
                                    }
                                }));
        return operations;
    }

    /// The schema of a good answer to a GET of `path`, by name.
    public String schemaOf(String path) {
        var reference =
                document.at(
                                "/paths/"
                                        + path.replace("/", "~1")
                                        + "/get/responses/200/content/application~1json/schema/$ref")
                        .asText();
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    /// @param name of a schema of the document
    public void check(String name, String json) {
        try {
            check(name, JSON.readTree(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param name of a schema of the document
    public void check(String name, JsonNode json) {
        assertThat(document.at("/components/schemas/" + name).isObject()).as(name).isTrue();
        ObjectNode root = JSON.createObjectNode();
        root.put("$ref", "#/components/schemas/" + name);
        root.set("components", document.get("components"));
        var schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(
                                root,
                                SchemaValidatorsConfig.builder()
                                        .formatAssertionsEnabled(true)
                                        .build());

        assertThat(schema.validate(json)).as("%s: %s", name, json).isEmpty();
    }
}
