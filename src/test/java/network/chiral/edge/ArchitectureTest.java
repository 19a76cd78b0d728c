// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.crypto.X25519KeyPair;
import network.chiral.edge.libp2p.swarm.Threads;
import org.junit.jupiter.api.Test;

/// Which room may use what; design in docs/architecture.md.
class ArchitectureTest {
    private static final String ROOT = "network.chiral.edge";
    private static final String LIBP2P = ROOT + ".libp2p";
    private static final Path SOURCES = Path.of("src/main/java");
    private static final JavaClasses CLASSES =
            new ClassFileImporter().importPath(Path.of("target/classes/network"));

    @Test
    void theStackKnowsNoFramework() {
        noClasses()
                .that()
                .resideInAPackage(LIBP2P + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "jakarta..",
                        "io.quarkus..",
                        "io.smallrye..",
                        "io.vertx..",
                        "org.eclipse.microprofile..",
                        "com.fasterxml..")
                .check(CLASSES);
    }

    @Test
    void theStackKnowsNotTheNodeAroundIt() {
        noClasses()
                .that()
                .resideInAPackage(LIBP2P + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".node..")
                .check(CLASSES);
    }

    @Test
    void nettyEndsAtTheStream() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        LIBP2P + ".protocol..",
                        LIBP2P + ".identity..",
                        LIBP2P + ".multiformats..",
                        LIBP2P + ".wire..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(CLASSES);
    }

    @Test
    void protocolsDoNotKnowEachOther() {
        slices().matching(LIBP2P + ".protocol.(*)..")
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
    }

    @Test
    void thePackagesOfTheStackHaveNoCycles() {
        slices().matching(LIBP2P + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void eachRoomUsesOnlyTheRoomsBelowIt() {
        uses("multiformats", "multiformats");
        uses("wire", "wire", "multiformats");
        uses("crypto", "crypto");
        uses("identity", "identity", "crypto", "wire", "multiformats");
        uses("negotiation", "negotiation", "wire");
        uses("transport", "transport", "multiformats");
        uses("security", "security", "crypto", "identity", "wire");
        uses("muxer", "muxer", "security", "wire");
        uses(
                "swarm",
                "swarm",
                "transport",
                "security",
                "muxer",
                "negotiation",
                "identity",
                "wire",
                "multiformats",
                "crypto");
        uses(
                "protocol",
                "protocol",
                "swarm",
                "negotiation",
                "identity",
                "wire",
                "multiformats",
                "crypto");
    }

    private static void uses(String room, String... allowed) {
        var own =
                java.util.Arrays.stream(allowed)
                        .map(name -> LIBP2P + "." + name + "..")
                        .toArray(String[]::new);
        var others = ROOT + "..";
        classes()
                .that()
                .resideInAPackage(LIBP2P + "." + room + "..")
                .should()
                .onlyDependOnClassesThat(
                        com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(
                                        own)
                                .or(
                                        com.tngtech.archunit.base.DescribedPredicate.not(
                                                com.tngtech.archunit.core.domain.JavaClass
                                                        .Predicates.resideInAPackage(others))))
                .as(room + " uses only " + List.of(allowed))
                .check(CLASSES);
    }

    @Test
    void tablesOwnNoClockNoThreadAndNoLogger() {
        var tables =
                noClasses()
                        .that()
                        .resideInAPackage(ROOT + "..")
                        .and()
                        .haveSimpleNameEndingWith("Table");

        tables.should().dependOnClassesThat().areAssignableTo(Clock.class).check(CLASSES);
        tables.should().dependOnClassesThat().areAssignableTo(Thread.class).check(CLASSES);
        tables.should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.util.concurrent..",
                        "java.io..",
                        "java.util.logging..",
                        "org.jboss.logging..")
                .check(CLASSES);
        tables.should().dependOnClassesThat().haveNameMatching(".*Logger").check(CLASSES);
        tables.should().callMethod(Instant.class, "now").check(CLASSES);
        tables.should().callMethod(System.class, "nanoTime").check(CLASSES);
        tables.should().callMethod(System.class, "currentTimeMillis").check(CLASSES);
    }

    @Test
    void nothingIsPrintedAndNothingLoggedByJavaUtilLogging() {
        // handlers and levels of the platform's log are of that package
        var allButLog = noClasses().that().resideOutsideOfPackage(ROOT + ".node.log..");
        // whoever starts the node reads its listening lines from its standard output, and whoever
        // types
        // a command the answer
        var allButMain = noClasses().that().doNotHaveFullyQualifiedName(ROOT + ".node.Main");
        var allButTwo = allButMain.and().doNotHaveFullyQualifiedName(ROOT + ".node.NodeLifecycle");

        allButTwo.should().accessField(System.class, "out").check(CLASSES);
        allButMain.should().accessField(System.class, "err").check(CLASSES);
        allButLog
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(CLASSES);
    }

    /// Neither can the handshake reach a file, nor does a key pair give its private key to anybody.
    @Test
    @Clause("noise-5")
    void theStaticKeyOfNoiseHasNoWayToADisk() {
        noClasses()
                .that()
                .resideInAPackage(LIBP2P + ".security..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.nio.channels..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File|Random|Object|Serial).*")
                .check(CLASSES);

        assertThat(X25519KeyPair.class.getMethods())
                .extracting(Method::getName)
                .containsExactlyInAnyOrder("publicKey", "agree", "close");
    }

    @Test
    void onlyTheSettingsKnowTheThreadsOfTheMachine() {
        noClasses()
                .that()
                .resideInAPackage(LIBP2P + ".host..")
                .and()
                .doNotHaveSimpleName("HostSettings")
                .should()
                .accessField(Threads.class, "VIRTUAL")
                .check(CLASSES);
    }

    @Test
    void beansTakeWhatTheyNeedInTheirConstructors() {
        fields().should()
                .notBeAnnotatedWith("jakarta.inject.Inject")
                .andShould()
                .notBeAnnotatedWith("org.eclipse.microprofile.config.inject.ConfigProperty")
                .check(CLASSES);
    }

    @Test
    void theConfigurationOfTheNodeIsInterfaces() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".node..")
                .and()
                .haveSimpleNameEndingWith("Config")
                .should()
                .beInterfaces()
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyPackageHasAMapAndIsNullMarked() throws IOException {
        try (var folders = Files.walk(SOURCES.resolve("network"))) {
            var unmarked =
                    folders.filter(Files::isDirectory)
                            .filter(ArchitectureTest::hasSources)
                            .filter(folder -> !isMarked(folder.resolve("package-info.java")))
                            .toList();

            assertThat(unmarked).isEmpty();
        }
    }

    private static boolean hasSources(Path folder) {
        try (var files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isMarked(Path packageInfo) {
        try {
            return Files.exists(packageInfo)
                    && Files.readString(packageInfo).contains("\n@NullMarked\n")
                    && Files.readString(packageInfo).contains("\n/// ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
