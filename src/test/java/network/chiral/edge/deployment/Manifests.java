// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.deployment;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The Kubernetes objects of a file or of rendered text; a key that occurs twice is an error.
final class Manifests {
    static final Path ROOT = Path.of("k8s");
    static final Path BASE = ROOT.resolve("base");
    static final Path OVERLAYS = ROOT.resolve("overlays");

    private static final ObjectReader YAML =
            new YAMLMapper(
                            YAMLFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .readerFor(JsonNode.class);

    private final List<JsonNode> objects;

    private Manifests(List<JsonNode> objects) {
        this.objects = List.copyOf(objects);
    }

    static Manifests parse(String text) {
        try (var documents = YAML.<JsonNode>readValues(text)) {
            return new Manifests(documents.readAll());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Manifests read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalStateException(file + ": " + e.getMessage(), e);
        }
    }

    /// The objects of all numbered files of the base.
    static Manifests base() {
        var objects =
                filesUnder(BASE)
                        .filter(Manifests::isNumbered)
                        .filter(file -> file.toString().endsWith(".yaml"))
                        .flatMap(file -> read(file).objects.stream())
                        .toList();
        return new Manifests(objects);
    }

    static Stream<Path> filesUnder(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Path> overlays() {
        try (var folders = Files.list(OVERLAYS)) {
            return folders.filter(Files::isDirectory).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isNumbered(Path file) {
        return file.getFileName().toString().matches("\\d\\d-.*");
    }

    List<JsonNode> all() {
        return objects;
    }

    List<JsonNode> ofKind(String kind) {
        return objects.stream().filter(each -> each.path("kind").asText().equals(kind)).toList();
    }

    /// The only object of this kind; two or none is a failure.
    JsonNode the(String kind) {
        var found = ofKind(kind);
        if (found.size() != 1) {
            throw new AssertionError("expected one " + kind + ", found " + found.size());
        }
        return found.getFirst();
    }

    JsonNode podSpec() {
        return the("StatefulSet").at("/spec/template/spec");
    }

    JsonNode container() {
        return podSpec().at("/containers/0");
    }

    /// Services that select one pod by its name, in the order of their ordinals.
    List<JsonNode> servicesPerPod() {
        return ofKind("Service").stream()
                .filter(each -> !podOf(each).isEmpty())
                .sorted((a, b) -> podOf(a).compareTo(podOf(b)))
                .toList();
    }

    static String podOf(JsonNode service) {
        return service.at("/spec/selector").path("statefulset.kubernetes.io/pod-name").asText();
    }

    static Map<String, Integer> containerPorts(JsonNode container) {
        var ports = new TreeMap<String, Integer>();
        container
                .path("ports")
                .forEach(each ->
                        ports.put(each.path("name").asText(), each.path("containerPort").asInt()));
        return ports;
    }

    static Stream<JsonNode> each(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
