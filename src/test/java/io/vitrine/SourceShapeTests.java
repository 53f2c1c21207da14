package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// How large things may get, measured with the JDK's own parser. The limits only ever go down.
class SourceShapeTests {
    private static final int MAX_FILE_LINES = 500;
    private static final int MAX_METHOD_LINES = 40;
    private static final int MAX_PARAMETERS = 5;
    private static final int MAX_CONSTRUCTOR_PARAMETERS = 8;
    private static final int MAX_METHODS = 25;

    private static final List<String> PROBLEMS = new ArrayList<>();

    @BeforeAll
    static void measure() throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null);
                var sources = Files.walk(Path.of("src", "main", "java"))) {
            var paths =
                    sources.filter(path -> path.toString().endsWith(".java")).toList();
            assertThat(paths).hasSizeGreaterThan(50);
            var task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(paths));
            var positions = Trees.instance(task);
            for (var unit : task.parse()) {
                new Ruler(unit, positions).scan(unit, null);
            }
        }
    }

    @Test
    void filesMethodsParametersAndClassesStayWithinTheirLimits() {
        assertThat(PROBLEMS).isEmpty();
    }

    private static final class Ruler extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final Trees trees;
        private final String file;

        Ruler(CompilationUnitTree unit, Trees trees) {
            this.unit = unit;
            this.trees = trees;
            this.file = Path.of(unit.getSourceFile().getName()).getFileName().toString();
            check("file lines", file, (int) lines(0, end()), MAX_FILE_LINES);
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void ignored) {
            long methods = type.getMembers().stream()
                    .filter(member -> member instanceof MethodTree method && method.getBody() != null)
                    .count();
            check("methods in " + type.getSimpleName(), file, (int) methods, MAX_METHODS);
            return super.visitClass(type, null);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void ignored) {
            var name = method.getName().toString();
            boolean constructor = name.equals("<init>");
            boolean overrides =
                    method.getModifiers().getAnnotations().toString().contains("Override");
            if (!overrides || method.getModifiers().getFlags().contains(Modifier.STATIC)) {
                check(
                        "parameters of " + name,
                        file,
                        method.getParameters().size(),
                        constructor ? MAX_CONSTRUCTOR_PARAMETERS : MAX_PARAMETERS);
            }
            var positions = trees.getSourcePositions();
            if (method.getBody() != null && positions.getStartPosition(unit, method) >= 0) {
                long from = positions.getStartPosition(unit, method.getBody());
                long to = positions.getEndPosition(unit, method.getBody());
                check("lines of " + name, file, (int) lines(from, to), MAX_METHOD_LINES);
            }
            return super.visitMethod(method, null);
        }

        private long end() {
            return trees.getSourcePositions().getEndPosition(unit, unit);
        }

        private long lines(long from, long to) {
            return unit.getLineMap().getLineNumber(Math.max(0, to))
                    - unit.getLineMap().getLineNumber(Math.max(0, from))
                    + 1;
        }

        private static void check(String what, String where, int found, int limit) {
            if (found > limit) {
                PROBLEMS.add("%s: %s: %d, at most %d".formatted(where, what, found, limit));
            }
        }
    }
}
