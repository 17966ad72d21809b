package pddtasks;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Runs the static methods test* of some classes; writes TAP. */
public final class PlainTests {
    private PlainTests() {}

    /** Arguments: the file to write, then for each class its file, =, its name. */
    public static void main(String[] words) throws Exception {
        boolean failed = false;
        try (PrintWriter out = new PrintWriter(words[0], "UTF-8")) {
            for (int at = 1; at < words.length; at++) {
                String[] parts = words[at].split("=", 2);
                for (Method test : tests(Class.forName(parts[1]))) {
                    failed |= !run(out, parts[0], test);
                }
            }
        }
        System.exit(failed ? 1 : 0);
    }

    private static List<Method> tests(Class<?> type) {
        List<Method> found = new ArrayList<>();
        for (Method method : type.getDeclaredMethods()) {
            boolean fits = Modifier.isStatic(method.getModifiers())
                && method.getName().startsWith("test")
                && method.getParameterCount() == 0;
            if (fits) {
                found.add(method);
            }
        }
        found.sort(Comparator.comparing(Method::getName));
        return found;
    }

    private static boolean run(PrintWriter out, String file, Method test) throws Exception {
        test.setAccessible(true);
        try {
            test.invoke(null);
            out.println("    ok - " + test.getName());
            out.println("ok - " + test.getDeclaringClass().getSimpleName());
            return true;
        } catch (InvocationTargetException thrown) {
            out.println("    not ok - " + test.getName());
            tell(out, file, thrown.getCause());
            out.println("not ok - " + test.getDeclaringClass().getSimpleName());
            return false;
        }
    }

    private static void tell(PrintWriter out, String file, Throwable thrown) {
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        out.println("      ---");
        out.println("      location: '" + file + "'");
        out.println("      name: " + thrown.getClass().getSimpleName());
        block(out, "message", String.valueOf(thrown.getMessage()));
        block(out, "stack", stack.toString());
        out.println("      ...");
    }

    private static void block(PrintWriter out, String key, String text) {
        out.println("      " + key + ": |-");
        for (String line : text.split("\n")) {
            out.println("        " + line.replace("\r", ""));
        }
    }
}
