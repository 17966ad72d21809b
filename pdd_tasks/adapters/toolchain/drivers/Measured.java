package pddtasks;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ILine;
import org.jacoco.core.analysis.ISourceFileCoverage;
import org.jacoco.core.data.ExecutionDataStore;
import org.jacoco.core.data.SessionInfoStore;
import org.jacoco.core.instr.Instrumenter;
import org.jacoco.core.runtime.IRuntime;
import org.jacoco.core.runtime.LoggerRuntime;
import org.jacoco.core.runtime.RuntimeData;

/** Runs a launcher of tests under JaCoCo; writes what was run of some sources as LCOV. */
public final class Measured {
    private Measured() {}

    /**
     * Arguments: the file to write, the folder of the classes, the sources with colons
     * between them, the launcher's class, and its arguments.
     */
    public static void main(String[] words) throws Exception {
        IRuntime runtime = new LoggerRuntime();
        RuntimeData data = new RuntimeData();
        runtime.startup(data);
        Path report = Path.of(words[0]);
        Path classes = Path.of(words[1]);
        String[] sources = words[2].split(":");
        Runtime.getRuntime().addShutdownHook(
            new Thread(() -> write(report, classes, sources, data)));
        ClassLoader loader = new Watching(classes, new Instrumenter(runtime));
        Thread.currentThread().setContextClassLoader(loader);
        loader.loadClass(words[3])
            .getMethod("main", String[].class)
            .invoke(null, (Object) Arrays.copyOfRange(words, 4, words.length));
    }

    private static void write(Path report, Path classes, String[] sources, RuntimeData data) {
        ExecutionDataStore found = new ExecutionDataStore();
        data.collect(found, new SessionInfoStore(), false);
        CoverageBuilder builder = new CoverageBuilder();
        try {
            new Analyzer(found, builder).analyzeAll(classes.toFile());
        } catch (IOException error) {
            System.err.println("coverage is unknown: " + error.getMessage());
            return;
        }
        try (PrintWriter out = new PrintWriter(report.toFile(), "UTF-8")) {
            for (ISourceFileCoverage file : builder.getSourceFiles()) {
                String own = "/" + file.getPackageName() + "/" + file.getName();
                for (String source : sources) {
                    if (("/" + source).endsWith(own.replace("//", "/"))) {
                        tell(out, source, file);
                    }
                }
            }
        } catch (IOException error) {
            System.err.println("coverage is unknown: " + error.getMessage());
        }
    }

    private static void tell(PrintWriter out, String source, ISourceFileCoverage file) {
        out.println("SF:" + source);
        for (int at = file.getFirstLine(); at <= file.getLastLine(); at++) {
            ILine line = file.getLine(at);
            if (line.getStatus() == ICounter.EMPTY) {
                continue;
            }
            int run = line.getInstructionCounter().getCoveredCount() > 0 ? 1 : 0;
            out.println("DA:" + at + "," + run);
            ICounter branches = line.getBranchCounter();
            for (int each = 0; each < branches.getTotalCount(); each++) {
                int taken = each < branches.getCoveredCount() ? 1 : 0;
                out.println("BRDA:" + at + ",0," + each + "," + taken);
            }
        }
        out.println("end_of_record");
    }

    /** Loads what the application's loader would, the unit's classes instrumented. */
    private static final class Watching extends URLClassLoader {
        private final Path classes;
        private final Instrumenter instrumenter;

        Watching(Path classes, Instrumenter instrumenter) {
            super(path(), ClassLoader.getPlatformClassLoader());
            this.classes = classes;
            this.instrumenter = instrumenter;
        }

        private static URL[] path() {
            String[] parts = System.getProperty("java.class.path").split(":");
            return Arrays.stream(parts).map(Watching::url).toArray(URL[]::new);
        }

        private static URL url(String part) {
            try {
                return Path.of(part).toUri().toURL();
            } catch (MalformedURLException error) {
                throw new IllegalArgumentException(error);
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            Path file = classes.resolve(name.replace('.', '/') + ".class");
            if (name.startsWith("pddtasks.") || !Files.isRegularFile(file)) {
                return super.findClass(name);
            }
            try {
                byte[] bytes = instrumenter.instrument(Files.readAllBytes(file), name);
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException error) {
                return super.findClass(name);
            }
        }
    }
}
