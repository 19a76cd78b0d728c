// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.tools.ToolProvider;

/// What the comments above the methods of the mappings say of each key.
///
/// A comment is the meaning. A sentence of its own at the end may say `Type: <type>, <range>.`, without
/// which a text is meant, and the next one `Default: <what it follows from>.`. Lists and switches are known
/// by the method's type, fixed defaults by its annotation.
final class KeyReference {
    /// One key.
    ///
    /// @param type with `list of` before it where it is one
    record Entry(String key, String type, String usual, String meaning) {
        /// The type of one member where it is a list.
        String memberType() {
            return type.startsWith(SOME)
                    ? ONE + type.substring(SOME.length())
                    : type.startsWith(LIST) ? type.substring(LIST.length()) : type;
        }
    }

    /// One mapping.
    record Section(String prefix, String about, List<Entry> entries) {}

    private static final Path SOURCES = Path.of("src/main/java");
    private static final String TYPE = "Type: ";
    private static final String DEFAULT = "Default: ";

    private static final String ONE = "one of ";
    private static final String SOME = "some of ";
    private static final String LIST = "list of ";

    private KeyReference() {}

    static List<Section> sections() {
        return Mappings.ALL.stream().map(KeyReference::section).toList();
    }

    private static Section section(Mappings.Mapping mapping) {
        var type = mapping.type();
        var comments = comments(type);
        var prefix = mapping.prefix();
        var entries = new ArrayList<Entry>();
        collect(prefix, type, comments, entries);
        entries.sort(Comparator.comparingInt(entry -> position(entry, comments, prefix)));
        var about = comments.get(type.getSimpleName()).split("\n\\s*\n", 2)[0];
        return new Section(prefix, oneLine(about), entries);
    }

    /// Reflection knows no order, the source does.
    private static int position(Entry entry, Map<String, String> comments, String prefix) {
        int position = 0;
        for (var name : comments.keySet()) {
            if (entry.key().equals(prefix + "." + kebab(name.replaceFirst("^[^.]+\\.", "")))) {
                return position;
            }
            position++;
        }
        return position;
    }

    private static void collect(
            String prefix, Class<?> type, Map<String, String> comments, List<Entry> entries) {
        for (var method : type.getDeclaredMethods()) {
            var key = prefix + "." + kebab(method.getName());
            if (List.of(type.getDeclaredClasses()).contains(method.getReturnType())) {
                collect(key, method.getReturnType(), comments, entries);
            } else {
                var comment = comments.get(name(type, method));
                if (comment == null) {
                    throw new AssertionError(method + " has no comment");
                }
                entries.add(entry(key, method, comment));
            }
        }
    }

    private static Entry entry(String key, Method method, String comment) {
        var type = sentence(TYPE, comment);
        var fixed = KnownKeys.all().defaultOf(key);
        var usual = fixed.isEmpty() ? sentence(DEFAULT, comment).orElse("") : "`" + fixed + "`";
        var meaning = oneLine(comment.split("(?m)^(Type|Default): ", 2)[0]);
        return new Entry(key, type(method.getGenericReturnType(), type), usual, meaning);
    }

    private static String type(Type returned, Optional<String> told) {
        if (returned == boolean.class) {
            return "`true` or `false`";
        }
        if (returned instanceof ParameterizedType generic) {
            var inner = type(generic.getActualTypeArguments()[0], told);
            return generic.getRawType() == List.class ? list(inner) : inner;
        }
        return told.orElse("text");
    }

    private static String list(String inner) {
        return inner.startsWith(ONE) ? SOME + inner.substring(ONE.length()) : LIST + inner;
    }

    private static Optional<String> sentence(String word, String comment) {
        int start = comment.indexOf("\n" + word);
        if (start < 0) {
            return Optional.empty();
        }
        int end = comment.indexOf("\n" + DEFAULT, start + 1);
        var text = comment.substring(start + 1 + word.length(), end < 0 ? comment.length() : end);
        return Optional.of(oneLine(text).replaceFirst("\\.$", ""));
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String name(Class<?> type, Method method) {
        var path = type.getName().replaceFirst("^.*\\.", "").replace('$', '.');
        return lowered(path) + "." + method.getName();
    }

    /// `NodeConfig.Identity` as the key has it: `NodeConfig.identity`.
    private static String lowered(String path) {
        int dot = path.indexOf('.');
        return dot < 0
                ? path
                : path.substring(0, dot + 1)
                        + Character.toLowerCase(path.charAt(dot + 1))
                        + path.substring(dot + 2);
    }

    /// By `NodeConfig`, `NodeConfig.dataDir`, `NodeConfig.identity.keyFile`, in the order of the source.
    private static Map<String, String> comments(Class<?> type) {
        var file = SOURCES.resolve(type.getName().replace('.', '/') + ".java");
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var task =
                    (JavacTask)
                            compiler.getTask(
                                    null, files, null, null, null, files.getJavaFileObjects(file));
            Map<String, String> comments = new java.util.LinkedHashMap<>(new HashMap<>());
            var scanner = new Comments(DocTrees.instance(task), comments);
            for (var unit : task.parse()) {
                scanner.scan(unit, null);
            }
            return comments;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Comments extends TreePathScanner<Void, Void> {
        private final DocTrees trees;
        private final Map<String, String> comments;
        private final Deque<String> path = new ArrayDeque<>();

        Comments(DocTrees trees, Map<String, String> comments) {
            this.trees = trees;
            this.comments = comments;
        }

        @Override
        public Void visitClass(ClassTree node, Void nothing) {
            path.addLast(node.getSimpleName().toString());
            keep(lowered(String.join(".", path)));
            super.visitClass(node, nothing);
            path.removeLast();
            return null;
        }

        @Override
        public Void visitMethod(MethodTree node, Void nothing) {
            keep(lowered(String.join(".", path)) + "." + node.getName());
            return super.visitMethod(node, nothing);
        }

        private void keep(String name) {
            var comment = trees.getDocComment(getCurrentPath());
            if (comment != null) {
                comments.put(name, comment);
            }
        }
    }
}
