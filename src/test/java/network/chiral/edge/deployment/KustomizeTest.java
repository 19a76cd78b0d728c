// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.deployment;

import static network.chiral.edge.deployment.Manifests.containerPorts;
import static network.chiral.edge.deployment.Manifests.each;
import static network.chiral.edge.deployment.Manifests.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What `kubectl kustomize` makes of base and overlays: where a merge can lose what each file says.
class KustomizeTest {
    private static final Map<Path, Manifests> RENDERED = new ConcurrentHashMap<>();
    private static final String ANTI_AFFINITY =
            "/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution";
    private static final Pattern REFERENCE = Pattern.compile("\\$\\((\\w+)\\)");
    private static final Pattern TCP_PORT = Pattern.compile("/tcp/(\\d+)$");

    // Before each, not once: reports count a class that is skipped as a whole as no test at all
    @BeforeEach
    void needsKubectl() {
        Tool.KUBECTL.path();
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
        var once = new ArrayList<>(List.of("ServiceAccount", "ConfigMap", "StatefulSet"));
        once.add("PodDisruptionBudget");
        if (!isNamed(folder, "dev")) {
            once.add("NetworkPolicy");
        }

        var namespace = objects.the("Namespace").at("/metadata/name").asText();

        assertThat(once).allSatisfy(kind -> assertThat(objects.ofKind(kind)).as(kind).hasSize(1));
        assertThat(objects.all())
                .filteredOn(each -> !each.path("kind").asText().equals("Namespace"))
                .allMatch(each -> each.at("/metadata/namespace").asText().equals(namespace));
    }

    /// What a pod is not given, it cannot lose: the same in each overlay, also where the namespace would
    /// allow more.
    @ParameterizedTest
    @MethodSource("baseAndOverlays")
    void asksForNothingThatARestrictedNamespaceForbidsButAPortOfTheNode(Path folder) {
        var objects = rendered(folder);
        var pod = objects.podSpec();
        var security = objects.container().path("securityContext");
        boolean takesPort = isNamed(folder, "relay-hostport");

        assertThat(
                        objects.the("Namespace")
                                .at("/metadata/labels")
                                .path("pod-security.kubernetes.io/enforce")
                                .asText())
                .isEqualTo(takesPort ? "privileged" : "restricted");
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(ProgramFacts.USER);
        assertThat(pod.at("/securityContext/seccompProfile/type").asText())
                .isEqualTo("RuntimeDefault");
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(pod.path("hostNetwork").asBoolean()).isFalse();
        assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
        assertThat(pod.findValues("hostPort")).hasSize(takesPort ? 1 : 0);
    }

    @ParameterizedTest
    @MethodSource("baseAndOverlays")
    void leavesTimeToDrainAndToSaveAfterTheBalancersForgotThePod(Path folder) {
        var objects = rendered(folder);
        var pod = objects.podSpec();

        var preStop = pod.at("/containers/0/lifecycle/preStop/sleep/seconds").asInt();
        var grace = objects.the("ConfigMap").at("/data/CHIRAL_DRAIN_GRACE").asText();

        assertThat(preStop).isEqualTo(5);
        assertThat(grace).endsWith("s");
        assertThat(pod.path("terminationGracePeriodSeconds").asInt())
                .isGreaterThanOrEqualTo(preStop + Integer.parseInt(grace.replace("s", "")) + 2 * 5);
    }

    @ParameterizedTest
    @MethodSource("baseAndOverlays")
    void thePodReadsTheConfigThatWasGenerated(Path folder) {
        var objects = rendered(folder);

        assertThat(objects.container().at("/envFrom/0/configMapRef/name").asText())
                .isEqualTo(objects.the("ConfigMap").at("/metadata/name").asText());
    }

    @ParameterizedTest
    @MethodSource("baseAndOverlays")
    void portsProbesAndEnvironmentAreThoseOfTheProgram(Path folder) {
        var objects = rendered(folder);
        var container = objects.container();
        var names =
                Stream.concat(
                        each(container.path("env")).map(it -> it.path("name").asText()),
                        objects.the("ConfigMap").path("data").properties().stream()
                                .map(Map.Entry::getKey));

        assertThat(containerPorts(container)).isEqualTo(ProgramFacts.PORTS);
        assertThat(ProgramFacts.KNOWN_ENVIRONMENT).containsAll(names.toList());
        ProgramFacts.PROBES.forEach((probe, path) ->
                assertThat(container.path(probe).at("/httpGet/path").asText()).isEqualTo(path));
    }

    /// Kubernetes expands `$(NAME)` only from what stands above; below, the text stays as it is.
    @ParameterizedTest
    @MethodSource("baseAndOverlays")
    void whatAVariableRefersToStandsAboveIt(Path folder) {
        var seen = new HashSet<String>();
        var used = new HashSet<String>();

        each(rendered(folder).container().path("env"))
                .forEach(variable -> {
                    var value = variable.path("value").asText();
                    REFERENCE
                            .matcher(value)
                            .results()
                            .map(it -> it.group(1))
                            .forEach(name -> {
                                assertThat(seen).as(value).contains(name);
                                used.add(name);
                            });
                    seen.add(variable.path("name").asText());
                });

        assertThat(seen).contains("POD_INDEX", "CHIRAL_ANNOUNCE");
        if (!isNamed(folder, "dev") && !isNamed(folder, "single-node")) {
            assertThat(used).as("one address for all pods").isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyReplicaIsExposedUnderThePortItAnnounces(Path overlay) {
        var objects = rendered(overlay);
        var pods = pods(objects);

        if (isNamed(overlay, "relay-hostport")) {
            assertThat(objects.servicesPerPod()).isEmpty();
            assertThat(announcedPort(objects.container(), 0))
                    .isEqualTo(objects.container().at("/ports/0/hostPort").asInt());
            assertThat(objects.podSpec().at(ANTI_AFFINITY + "/0/topologyKey").asText())
                    .isEqualTo("kubernetes.io/hostname");
            return;
        }
        assertThat(objects.servicesPerPod()).map(service -> podOf(service)).isEqualTo(pods);
        if (isNamed(overlay, "dev")) {
            return; // port-forward goes to the pod itself
        }
        for (int ordinal = 0; ordinal < pods.size(); ordinal++) {
            var service = objects.servicesPerPod().get(ordinal);
            assertThat(service.at("/spec/externalTrafficPolicy").asText()).isEqualTo("Local");
            assertThat(outerPort(service)).isEqualTo(announcedPort(objects.container(), ordinal));
        }
    }

    private static List<String> pods(Manifests objects) {
        var autoscaler = objects.ofKind("HorizontalPodAutoscaler");
        var most =
                autoscaler.isEmpty()
                        ? objects.the("StatefulSet").at("/spec/replicas").asInt()
                        : autoscaler.getFirst().at("/spec/maxReplicas").asInt();
        return IntStream.range(0, most).mapToObj(it -> "chiral-edge-" + it).toList();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void anOverlayNamesAnImageWithATagOfItsOwn(Path overlay) {
        assertThat(rendered(overlay).container().path("image").asText()).matches(".+/.+[:@].+");
    }

    /// Each apply would set the autoscaler's number back.
    @Test
    void theAutoscalerAloneSaysHowManyThereAre() {
        var objects = rendered(Manifests.OVERLAYS.resolve("relay-autoscaled"));
        var autoscaler = objects.the("HorizontalPodAutoscaler");
        var metric = autoscaler.at("/spec/metrics/0/pods");

        assertThat(objects.the("StatefulSet").at("/spec/replicas").isMissingNode()).isTrue();
        assertThat(autoscaler.at("/spec/scaleTargetRef/name").asText())
                .isEqualTo(objects.the("StatefulSet").at("/metadata/name").asText());
        assertThat(metric.at("/metric/name").asText()).isEqualTo("chiral_relay_reservations");
        assertThat(metric.at("/target/averageValue").asInt())
                .isBetween(
                        RelayLimits.CHIRAL.reservations() * 7 / 10,
                        RelayLimits.CHIRAL.reservations() * 8 / 10);
        assertThat(autoscaler.at("/spec/behavior/scaleDown/stabilizationWindowSeconds").asInt())
                .isGreaterThanOrEqualTo(1800);
    }

    @ParameterizedTest
    @MethodSource("seeded")
    void theSeedIsAMountedFileThatNotEverybodyMayRead(Path overlay) {
        var objects = rendered(overlay);
        var settings = new HashMap<String, String>();
        each(objects.container().path("env"))
                .forEach(it -> settings.put(it.path("name").asText(), it.path("value").asText()));
        var volume =
                each(objects.podSpec().path("volumes"))
                        .filter(it -> it.path("name").asText().equals("identity"))
                        .toList();

        assertThat(settings)
                .containsEntry("CHIRAL_IDENTITY_ORDINAL", "$(POD_INDEX)")
                .containsEntry("CHIRAL_IDENTITY_CONTEXT", "$(POD_NAMESPACE)/chiral-edge");
        assertThat(volume).hasSize(1);
        assertThat(volume.getFirst().at("/secret/defaultMode").asInt() & 7).isZero();
        assertThat(each(objects.container().path("volumeMounts")))
                .anySatisfy(mount -> {
                    assertThat(mount.path("name").asText()).isEqualTo("identity");
                    assertThat(settings.get("CHIRAL_IDENTITY_SEED_FILE"))
                            .startsWith(mount.path("mountPath").asText() + "/");
                });
        assertThat(objects.ofKind("Secret")).as("none that an apply could replace").isEmpty();
    }

    static Stream<Path> seeded() {
        return Stream.of("bootstrap", "relay-autoscaled").map(Manifests.OVERLAYS::resolve);
    }

    @Test
    void theMonitorScrapesThePortAndThePathOfTheMetrics() {
        var objects = rendered(Manifests.OVERLAYS.resolve("relay-autoscaled"));
        var monitor = objects.the("ServiceMonitor");
        var wanted = monitor.at("/spec/selector/matchLabels");

        var services =
                objects.ofKind("Service").stream()
                        .filter(it ->
                                wanted.properties().stream()
                                        .allMatch(label ->
                                                it.at("/metadata/labels")
                                                        .path(label.getKey())
                                                        .equals(label.getValue())))
                        .toList();

        assertThat(services).hasSize(1);
        assertThat(services.getFirst().at("/spec/ports/0/name"))
                .isEqualTo(monitor.at("/spec/endpoints/0/port"));
        assertThat(monitor.at("/spec/endpoints/0/path").asText()).isEqualTo(ProgramFacts.METRICS);
    }

    private static boolean isNamed(Path folder, String name) {
        return folder.endsWith(name);
    }

    private static int outerPort(JsonNode service) {
        var port = service.at("/spec/ports/0");
        return switch (service.at("/spec/type").asText()) {
            case "NodePort" -> port.path("nodePort").asInt();
            case "LoadBalancer" -> port.path("port").asInt();
            case String type -> throw new AssertionError("not reachable from outside: " + type);
        };
    }

    private static int announcedPort(JsonNode container, int ordinal) {
        var address =
                each(container.path("env"))
                        .filter(it -> it.path("name").asText().equals("CHIRAL_ANNOUNCE"))
                        .map(it -> it.path("value").asText())
                        .findFirst()
                        .orElseThrow()
                        .replace("$(POD_INDEX)", Integer.toString(ordinal));
        var port = TCP_PORT.matcher(address);
        assertThat(port.find()).as(address).isTrue();
        return Integer.parseInt(port.group(1));
    }

    static Manifests rendered(Path folder) {
        return RENDERED.computeIfAbsent(
                folder, it -> Manifests.parse(Tool.KUBECTL.run("kustomize", it.toString())));
    }
}
