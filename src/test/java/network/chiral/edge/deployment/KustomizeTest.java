// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static network.chiral.edge.deployment.Manifests.each;
import static network.chiral.edge.deployment.Manifests.podOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What `kubectl kustomize` makes of base and overlays: where a merge can lose what each file says.
class KustomizeTest {
    private static final Map<Path, Manifests> RENDERED = new ConcurrentHashMap<>();
    private static final Pattern TCP_PORT = Pattern.compile("/tcp/(\\d+)$");

    // Before each, not once: reports count a class that is skipped as a whole as no test at all
    @BeforeEach
    void needsKubectl() {
        var folders = Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of);
        var present = folders.anyMatch(folder -> Files.isExecutable(folder.resolve("kubectl")));
        assumeTrue(present, "kubectl is not on the PATH, so nothing was rendered");
    }

    static Stream<Path> overlays() {
        return Manifests.overlays();
    }

    static Stream<Path> baseAndOverlays() {
        return Stream.concat(Stream.of(Manifests.BASE), overlays());
    }

    @ParameterizedTest
    @MethodSource("baseAndOverlays")
    void rendersOneOfEachAndEverythingInOneNamespace(Path folder) {
        var objects = rendered(folder);

        var namespace = objects.the("Namespace").at("/metadata/name").asText();

        assertThat(
                        Stream.of(
                                        "ServiceAccount",
                                        "ConfigMap",
                                        "StatefulSet",
                                        "PodDisruptionBudget",
                                        "NetworkPolicy")
                                .map(kind -> objects.ofKind(kind).size()))
                .containsOnly(1);
        assertThat(objects.all())
                .filteredOn(each -> !each.path("kind").asText().equals("Namespace"))
                .allMatch(each -> each.at("/metadata/namespace").asText().equals(namespace));
    }

    @ParameterizedTest
    @MethodSource("baseAndOverlays")
    void asksForNothingThatARestrictedNamespaceForbids(Path folder) {
        var objects = rendered(folder);
        var pod = objects.podSpec();
        var security = objects.container().path("securityContext");

        assertThat(
                        objects.the("Namespace")
                                .at("/metadata/labels")
                                .path("pod-security.kubernetes.io/enforce")
                                .asText())
                .isEqualTo("restricted");
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/seccompProfile/type").asText())
                .isEqualTo("RuntimeDefault");
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
        assertThat(pod.findValues("hostPort")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("baseAndOverlays")
    void leavesTimeToSaveAfterTheBalancersForgotThePod(Path folder) {
        var pod = rendered(folder).podSpec();

        var preStop = pod.at("/containers/0/lifecycle/preStop/sleep/seconds").asInt();

        assertThat(preStop).isEqualTo(5);
        assertThat(pod.path("terminationGracePeriodSeconds").asInt())
                .isGreaterThanOrEqualTo(preStop + 2 * 5);
    }

    @ParameterizedTest
    @MethodSource("baseAndOverlays")
    void thePodReadsTheConfigThatWasGenerated(Path folder) {
        var objects = rendered(folder);

        assertThat(objects.container().at("/envFrom/0/configMapRef/name").asText())
                .isEqualTo(objects.the("ConfigMap").at("/metadata/name").asText());
    }

    /// Kubernetes expands `$(NAME)` only from what stands above; below, the text stays as it is.
    @ParameterizedTest
    @MethodSource("baseAndOverlays")
    void thePodIndexStandsAboveTheAddressThatUsesIt(Path folder) {
        var names =
                each(rendered(folder).container().path("env")).map(it -> it.path("name").asText());

        assertThat(names).containsExactly("POD_INDEX", "CHIRAL_ANNOUNCE");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyReplicaIsExposedUnderThePortItAnnounces(Path overlay) {
        var objects = rendered(overlay);
        var set = objects.the("StatefulSet");
        var pods =
                IntStream.range(0, set.at("/spec/replicas").asInt())
                        .mapToObj(it -> "chiral-edge-" + it)
                        .toList();

        assertThat(objects.servicesPerPod()).map(service -> podOf(service)).isEqualTo(pods);
        assertThat(objects.servicesPerPod())
                .allSatisfy(service -> {
                    assertThat(service.at("/spec/externalTrafficPolicy").asText())
                            .isEqualTo("Local");
                    assertThat(outerPort(service)).isEqualTo(announcedPort(objects.container()));
                });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void anOverlayNamesAnImageWithATagOfItsOwn(Path overlay) {
        assertThat(rendered(overlay).container().path("image").asText()).matches(".+/.+[:@].+");
    }

    private static int outerPort(JsonNode service) {
        var port = service.at("/spec/ports/0");
        return switch (service.at("/spec/type").asText()) {
            case "NodePort" -> port.path("nodePort").asInt();
            case "LoadBalancer" -> port.path("port").asInt();
            case String type -> throw new AssertionError("not reachable from outside: " + type);
        };
    }

    private static int announcedPort(JsonNode container) {
        var address = container.at("/env/1/value").asText();
        var port = TCP_PORT.matcher(address);
        assertThat(port.find()).as(address).isTrue();
        return Integer.parseInt(port.group(1));
    }

    private static Manifests rendered(Path folder) {
        return RENDERED.computeIfAbsent(folder, KustomizeTest::render);
    }

    private static Manifests render(Path folder) {
        try {
            var errors = Files.createTempFile("kustomize", ".err");
            var process =
                    new ProcessBuilder("kubectl", "kustomize", folder.toString())
                            .redirectError(errors.toFile())
                            .start();
            var text = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as("%s: %s", folder, Files.readString(errors)).isZero();
            Files.delete(errors);
            return Manifests.parse(text);
        } catch (IOException e) {
            throw new IllegalStateException("kubectl kustomize " + folder, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
