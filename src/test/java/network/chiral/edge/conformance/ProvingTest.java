// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/// A test that says which rules it proves.
record ProvingTest(String className, String method, List<String> clauses) {
    private static final Path CLASSES = Path.of("target/test-classes");
    private static final String SOURCES = "src/test/java/";

    /// Every test that carries [Clause], on itself or on its class; by name.
    static List<ProvingTest> all() {
        try (var files = Files.walk(CLASSES.resolve("network"))) {
            return files.map(file -> CLASSES.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .map(file -> load(file.replace(".class", "").replace('/', '.')))
                    .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                    .filter(method -> AnnotationSupport.isAnnotated(method, Testable.class))
                    .map(ProvingTest::of)
                    .filter(test -> !test.clauses.isEmpty())
                    .sorted(
                            Comparator.comparing(ProvingTest::className)
                                    .thenComparing(ProvingTest::method))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ProvingTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ProvingTest of(Method method) {
        var clauses = new TreeSet<String>();
        clauses.addAll(clausesOf(method));
        clauses.addAll(clausesOf(method.getDeclaringClass()));
        return new ProvingTest(
                method.getDeclaringClass().getName(), method.getName(), List.copyOf(clauses));
    }

    private static List<String> clausesOf(AnnotatedElement element) {
        return Optional.ofNullable(element.getAnnotation(Clause.class))
                .map(clause -> List.of(clause.value()))
                .orElse(List.of());
    }

    /// Whether it drives the packaged program.
    boolean isIntegrationTest() {
        return className.endsWith("IT");
    }

    String label() {
        return className.substring(className.lastIndexOf('.') + 1).replace('$', '.') + "." + method;
    }

    /// Where it is written, from the root of the project.
    String file() {
        int nested = className.indexOf('$');
        var outer = nested < 0 ? className : className.substring(0, nested);
        return SOURCES + outer.replace('.', '/') + ".java";
    }
}
