package pddtasks;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the tests of some classes by JUnit's platform; writes TAP. */
public final class JUnitTests implements TestExecutionListener {
    private final PrintWriter out;
    private final String file;
    private boolean failed;

    private JUnitTests(PrintWriter out, String file) {
        this.out = out;
        this.file = file;
    }

    /** Arguments: the file to write, then for each class its file, =, its name. */
    public static void main(String[] words) throws Exception {
        boolean failed = false;
        try (PrintWriter out = new PrintWriter(words[0], "UTF-8")) {
            for (int at = 1; at < words.length; at++) {
                String[] parts = words[at].split("=", 2);
                JUnitTests listener = new JUnitTests(out, parts[0]);
                LauncherFactory.create().execute(
                    LauncherDiscoveryRequestBuilder.request()
                        .selectors(DiscoverySelectors.selectClass(parts[1]))
                        .build(),
                    listener);
                failed |= listener.failed;
            }
        }
        System.exit(failed ? 1 : 0);
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        if (test.isTest()) {
            say(test, "ok - ", " # SKIP");
            close(test, "ok - ");
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean bad = result.getStatus() == TestExecutionResult.Status.FAILED;
        if (!test.isTest() && !bad) {
            return;
        }
        boolean aborted = result.getStatus() == TestExecutionResult.Status.ABORTED;
        String outcome = bad ? "not ok - " : "ok - ";
        say(test, outcome, aborted ? " # SKIP" : "");
        failed |= bad;
        if (bad) {
            result.getThrowable().ifPresent(thrown -> tell(margin(groups(test).length), thrown));
        }
        close(test, outcome);
    }

    private void say(TestIdentifier test, String outcome, String mark) {
        out.println(margin(groups(test).length) + outcome + name(test) + mark);
    }

    /** Ends the groups around a test, the innermost first. */
    private void close(TestIdentifier test, String outcome) {
        String[] groups = groups(test);
        for (int at = groups.length - 1; at >= 0; at--) {
            out.println(margin(at) + outcome + groups[at]);
        }
    }

    private static String margin(int depth) {
        return "    ".repeat(depth);
    }

    /** Returns the classes around a test, without their package. */
    private static String[] groups(TestIdentifier test) {
        String type = test.getSource()
            .filter(source -> source instanceof MethodSource)
            .map(source -> ((MethodSource) source).getClassName())
            .orElse("");
        String own = type.substring(type.lastIndexOf('.') + 1);
        return own.isEmpty() ? new String[0] : own.split("\\$");
    }

    private static String name(TestIdentifier test) {
        return test.getSource()
            .filter(source -> source instanceof MethodSource)
            .map(source -> ((MethodSource) source).getMethodName())
            .orElse(test.getDisplayName());
    }

    private void tell(String margin, Throwable thrown) {
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        out.println(margin + "  ---");
        out.println(margin + "  location: '" + file + "'");
        out.println(margin + "  name: " + thrown.getClass().getSimpleName());
        block(margin, "message", String.valueOf(thrown.getMessage()));
        block(margin, "stack", stack.toString());
        out.println(margin + "  ...");
    }

    private void block(String margin, String key, String text) {
        out.println(margin + "  " + key + ": |-");
        for (String line : text.split("\n")) {
            out.println(margin + "    " + line.replace("\r", ""));
        }
    }
}
