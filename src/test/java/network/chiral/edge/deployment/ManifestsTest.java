// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.deployment;

import static network.chiral.edge.deployment.Manifests.containerPorts;
import static network.chiral.edge.deployment.Manifests.each;
import static network.chiral.edge.deployment.Manifests.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import network.chiral.edge.libp2p.swarm.ConnectionLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Manifests and recipes, as written, say what the program is.
class ManifestsTest {
    private final Manifests base = Manifests.base();
    private final JsonNode container = base.container();

    static Stream<Path> yamlFiles() {
        return Manifests.filesUnder(Manifests.ROOT)
                .filter(file -> file.toString().endsWith(".yaml"));
    }

    static Stream<Path> overlays() {
        return Manifests.overlays();
    }

    static Stream<Containerfile> containerfiles() {
        return Containerfile.all();
    }

    @ParameterizedTest
    @MethodSource("yamlFiles")
    void everyFileIsYamlWithoutDoubledKeys(Path file) {
        assertThat(Manifests.read(file).all()).isNotEmpty().noneMatch(JsonNode::isNull);
    }

    @ParameterizedTest
    @MethodSource("yamlFiles")
    void noImageIsTakenByALatestTag(Path file) throws IOException {
        assertThat(Files.readString(file)).doesNotContain(":latest", "newTag: latest");
    }

    @Test
    void theBaseListsEveryNumberedFileInItsOrder() {
        var kustomization =
                Manifests.read(Manifests.BASE.resolve("kustomization.yaml")).all().getFirst();
        var resources = texts(kustomization.path("resources"));
        var generated =
                each(kustomization.path("configMapGenerator"))
                        .flatMap(g -> texts(g.path("envs")).stream());

        var listed = Stream.concat(resources.stream(), generated).sorted().toList();

        assertThat(resources).isSorted();
        assertThat(listed).doesNotHaveDuplicates().isEqualTo(numberedFiles());
    }

    @Test
    void theBaseHasOnlyNumberedFilesAndNoNumberTwice() {
        var others =
                Manifests.filesUnder(Manifests.BASE)
                        .filter(file -> !Manifests.isNumbered(file))
                        .map(file -> file.getFileName().toString());

        assertThat(others).containsExactly("kustomization.yaml");
        assertThat(numberedFiles())
                .extracting(name -> name.substring(0, 2))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void anOverlayBeginsWithTheBaseAndUsesEachOfItsFiles(Path overlay) {
        var kustomization = Manifests.read(overlay.resolve("kustomization.yaml")).all().getFirst();
        var used = new TreeSet<>(List.of("kustomization.yaml"));

        each(kustomization.path("patches")).forEach(patch -> used.add(patch.path("path").asText()));
        texts(kustomization.path("resources")).stream()
                .filter(it -> !it.startsWith("../"))
                .forEach(used::add);

        assertThat(texts(kustomization.path("resources"))).startsWith("../../base");
        assertThat(Manifests.filesUnder(overlay).map(file -> file.getFileName().toString()))
                .containsExactlyElementsOf(used);
    }

    @Test
    void theContainerOffersThePortsOfTheProgram() {
        assertThat(containerPorts(container)).isEqualTo(ProgramFacts.PORTS);
    }

    @Test
    void everyServicePortIsTheContainerPortItNames() {
        var ports =
                base.ofKind("Service").stream()
                        .flatMap(service -> each(service.at("/spec/ports")))
                        .toList();

        assertThat(ports)
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(port ->
                        assertThat(ProgramFacts.PORTS)
                                .containsEntry(
                                        port.path("targetPort").asText(), port.path("port").asInt())
                                .containsKey(port.path("name").asText()));
    }

    @Test
    void thePolicyAdmitsOnlyPortsTheContainerHas() {
        var admitted =
                each(base.the("NetworkPolicy").at("/spec/ingress"))
                        .flatMap(rule -> each(rule.path("ports")));

        assertThat(admitted.map(port -> port.path("port").asText()))
                .containsExactlyInAnyOrder("p2p", "management");
    }

    @Test
    void eachProbeAsksItsPathOnTheManagementPort() {
        ProgramFacts.PROBES.forEach((probe, path) -> {
            var get = container.path(probe).path("httpGet");

            assertThat(get.path("path").asText()).as(probe).isEqualTo(path);
            assertThat(get.path("port").asText()).as(probe).isEqualTo("management");
            assertThat(container.path(probe).path("timeoutSeconds").asInt())
                    .as(probe)
                    .isBetween(2, 3);
        });
    }

    @Test
    void livenessWaitsHalfAMinuteBeforeItCostsEveryReservation() {
        var probe = container.path("livenessProbe");

        var patience = probe.path("periodSeconds").asInt() * probe.path("failureThreshold").asInt();

        assertThat(patience).isGreaterThanOrEqualTo(30);
    }

    @Test
    void everyEnvironmentNameIsOneTheProgramReads() throws IOException {
        var names = new ArrayList<String>(config().stringPropertyNames());
        each(container.path("env")).forEach(variable -> names.add(variable.path("name").asText()));
        containerfiles()
                .flatMap(Containerfile::environment)
                .map(it -> it.split("=", 2)[0])
                .filter(it -> !it.equals("LD_LIBRARY_PATH")) // the dynamic linker's
                .forEach(names::add);

        assertThat(ProgramFacts.KNOWN_ENVIRONMENT).containsAll(names);
    }

    @Test
    void theConfigNamesTheSamePortsAndFolderAsTheContainer() throws IOException {
        var config = config();

        assertThat(config)
                .containsEntry(
                        "QUARKUS_MANAGEMENT_PORT", ProgramFacts.PORTS.get("management").toString())
                .containsEntry("CHIRAL_DATA_DIR", ProgramFacts.DATA_DIRECTORY);
        assertThat(each(container.path("volumeMounts")))
                .anySatisfy(mount -> {
                    assertThat(mount.path("mountPath").asText())
                            .isEqualTo(ProgramFacts.DATA_DIRECTORY);
                    assertThat(mount.path("name").asText())
                            .isEqualTo(
                                    base.the("StatefulSet")
                                            .at("/spec/volumeClaimTemplates/0/metadata/name")
                                            .asText());
                });
    }

    @Test
    void everyReplicaHasAServiceOfItsOwn() {
        var set = base.the("StatefulSet");
        var name = set.at("/metadata/name").asText();
        var pods =
                IntStream.range(0, set.at("/spec/replicas").asInt())
                        .mapToObj(ordinal -> name + "-" + ordinal)
                        .toList();

        assertThat(base.servicesPerPod()).map(service -> podOf(service)).isEqualTo(pods);
    }

    /// All connections and all circuits that the limits allow, each circuit standing still.
    @Test
    void theMemoryLimitHoldsWhatTheLimitsAllow() {
        var limit = container.at("/resources/limits/memory").asText();
        long connections = ConnectionLimits.DEFAULT.connections();
        long circuits = RelayLimits.CHIRAL.circuits();

        long most =
                ProgramFacts.AT_REST_KIB
                        + connections * ProgramFacts.CONNECTION_KIB
                        + circuits * ProgramFacts.CIRCUIT_KIB;

        assertThat(limit).endsWith("Mi");
        assertThat(Long.parseLong(limit.replace("Mi", "")) * 1024).isGreaterThanOrEqualTo(most);
    }

    @Test
    void everySelectorFindsThePods() {
        var labels =
                base.the("StatefulSet")
                        .at("/spec/template/metadata/labels")
                        .path("app.kubernetes.io/name")
                        .asText();
        var selectors =
                Stream.of(
                        base.ofKind("Service").stream().map(it -> it.at("/spec/selector")),
                        base.ofKind("StatefulSet").stream()
                                .map(it -> it.at("/spec/selector/matchLabels")),
                        base.ofKind("PodDisruptionBudget").stream()
                                .map(it -> it.at("/spec/selector/matchLabels")),
                        base.ofKind("NetworkPolicy").stream()
                                .map(it -> it.at("/spec/podSelector/matchLabels")));

        assertThat(
                        selectors
                                .flatMap(it -> it)
                                .map(it -> it.path("app.kubernetes.io/name").asText()))
                .hasSizeGreaterThanOrEqualTo(6)
                .containsOnly(labels);
    }

    @Test
    void podAndImagesRunAsTheSameUser() {
        var security = base.podSpec().path("securityContext");

        assertThat(
                        Map.of(
                                "runAsUser", security.path("runAsUser").asInt(),
                                "runAsGroup", security.path("runAsGroup").asInt(),
                                "fsGroup", security.path("fsGroup").asInt()))
                .allSatisfy((_, id) -> assertThat(id).isEqualTo(ProgramFacts.USER));
        assertThat(containerfiles())
                .isNotEmpty()
                .allSatisfy(it ->
                        assertThat(it.the("USER"))
                                .isEqualTo(ProgramFacts.USER + ":" + ProgramFacts.USER));
    }

    @ParameterizedTest
    @MethodSource("containerfiles")
    void anImageExposesThePortsAndKeepsItsDataWhereThePodMountsIt(Containerfile image) {
        assertThat(image.the("EXPOSE").split(" "))
                .containsExactlyInAnyOrderElementsOf(
                        ProgramFacts.PORTS.values().stream().map(String::valueOf).toList());
        assertThat(image.the("VOLUME")).isEqualTo(ProgramFacts.DATA_DIRECTORY);
        assertThat(image.environment()).contains("CHIRAL_DATA_DIR=" + ProgramFacts.DATA_DIRECTORY);
    }

    @ParameterizedTest
    @MethodSource("containerfiles")
    void anImageStartsTheProgramItselfSoThatItGetsTheSignal(Containerfile image) {
        assertThat(image.the("ENTRYPOINT"))
                .startsWith("[\"")
                .endsWith("\"]")
                .doesNotContain("sh\"");
    }

    private static Properties config() throws IOException {
        var config = new Properties();
        try (var reader = Files.newBufferedReader(Manifests.BASE.resolve("20-config.env"))) {
            config.load(reader);
        }
        return config;
    }

    private static List<String> numberedFiles() {
        return Manifests.filesUnder(Manifests.BASE)
                .filter(Manifests::isNumbered)
                .map(file -> file.getFileName().toString())
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        return each(array).map(JsonNode::asText).toList();
    }
}
