package codenook;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Calls one method for each line of a file, each with classes of its own, and tells what came of it.
 *
 * <p>Arguments: the folder of the classes, the file of calls, the file to tell in, the class, the method, the
 * names of its parameters' types (or "?"), and the number of the first call. "start" is told before each call:
 * what has a start and no outcome ended the process.
 */
final class CodenookRun {
    private static final long MOST_CPU_NS = 2_000_000_000L;
    private static final long MOST_WALL_NS = 8_000_000_000L;
    private static final long STACK_BYTES = 16L << 20;
    private static final int MOST_CHARS = 4 << 20;

    private static OutputStream channel;

    private CodenookRun() {}

    public static void main(String[] arguments) throws Exception {
        URL classes = Path.of(arguments[0]).toUri().toURL();
        List<String> lines = Files.readAllLines(Path.of(arguments[1]), StandardCharsets.UTF_8);
        channel = new FileOutputStream(arguments[2], true);
        silence();
        int first = Integer.parseInt(arguments[6]);
        if (first == 0) {
            load(classes, arguments[3], arguments[4], arguments[5], lines.get(0));
        }
        ThreadMXBean times = ManagementFactory.getThreadMXBean();
        for (String line : lines.subList(first, lines.size())) {
            tell("start");
            CodenookCall call = new CodenookCall(classes, arguments[3], arguments[4], arguments[5], line);
            Thread thread = new Thread(null, call, "main", STACK_BYTES);
            thread.setDaemon(true);
            long end = System.nanoTime() + MOST_WALL_NS;
            thread.start();
            while (thread.isAlive()) {
                thread.join(20);
                long used = thread.isAlive() ? times.getThreadCpuTime(thread.getId()) : 0;
                if (thread.isAlive() && (used > MOST_CPU_NS || System.nanoTime() > end)) {
                    tell("{\"how\":\"timed_out\"}");
                    Runtime.getRuntime().halt(0); // no thread can be ended
                }
            }
            String told = call.told;
            tell(told.length() > MOST_CHARS
                    ? CodenookTold.ending("crashed", "result", "the result is too long") : told);
        }
        Runtime.getRuntime().halt(0);
    }

    private static void load(URL classes, String owner, String name, String types, String line) throws IOException {
        CodenookCall call = new CodenookCall(classes, owner, name, types, line);
        Thread thread = new Thread(null, call::load, "main", STACK_BYTES);
        thread.start();
        try {
            thread.join(MOST_WALL_NS / 1_000_000);
        } catch (InterruptedException error) {
            call.told = error.toString();
        }
        String problem = thread.isAlive() ? "its class does not load in time" : call.told;
        tell(problem.isEmpty() ? "ready" : "{\"load\":" + CodenookTold.quoted(problem) + "}");
        if (!problem.isEmpty()) {
            Runtime.getRuntime().halt(0);
        }
    }

    private static void silence() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        System.setOut(nowhere);
        System.setErr(nowhere);
    }

    private static void tell(String line) throws IOException {
        channel.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        channel.flush();
    }
}

/** One call. */
final class CodenookCall implements Runnable {
    /** What came of it. */
    volatile String told = "";

    private final URL classes;
    private final String owner;
    private final String name;
    private final String types;
    private final List<CodenookWire> made;
    private final List<CodenookWire> arguments;

    CodenookCall(URL classes, String owner, String name, String types, String line) {
        this.classes = classes;
        this.owner = owner;
        this.name = name;
        this.types = types;
        List<CodenookWire> call = new CodenookWire.Parser(line).value().items;
        this.made = call.get(0).items;
        this.arguments = call.get(1).items;
    }

    private Class<?> holder() throws ClassNotFoundException {
        ClassLoader loader = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader());
        return Class.forName(owner, true, loader);
    }

    /** Only load the class. */
    void load() {
        try {
            method(holder());
        } catch (CodenookMade.NotHeld error) {
            told = error.getMessage();
        } catch (Throwable error) {
            Throwable cause = error instanceof ExceptionInInitializerError ? error.getCause() : error;
            told = String.valueOf(cause == null ? error : cause);
        }
    }

    @Override
    public void run() {
        try {
            Class<?> holder = holder();
            Method method = method(holder);
            Object object = Modifier.isStatic(method.getModifiers()) ? null : object(holder);
            Object[] given = given(method, arguments);
            Object value = method.invoke(object, given);
            told = "{\"how\":\"returned\",\"value\":" + CodenookTold.of(value) + after(method, given) + "}";
        } catch (CodenookMade.NotHeld error) {
            told = "{\"how\":\"not_run\",\"why\":" + CodenookTold.quoted(error.getMessage()) + "}";
        } catch (InvocationTargetException error) {
            told = raised(error.getCause());
        } catch (OutOfMemoryError error) {
            told = CodenookTold.ending("crashed", "OutOfMemoryError", "");
        } catch (Throwable error) {
            told = CodenookTold.ending("crashed", error.getClass().getSimpleName(), "" + error.getMessage());
        }
    }

    private static String raised(Throwable error) {
        String message;
        try {
            message = error.getMessage();
        } catch (Throwable other) {
            message = "";
        }
        boolean isMemory = error instanceof OutOfMemoryError;
        return CodenookTold.ending(
                isMemory ? "crashed" : "raised", error.getClass().getSimpleName(), message == null ? "" : message);
    }

    private static String after(Method method, Object[] given) {
        for (Object each : given) {
            if (each != null && (each.getClass().isArray() || each instanceof java.util.Collection
                    || each instanceof java.util.Map || each instanceof StringBuilder)) {
                return ",\"after\":" + CodenookTold.of(afterwards(method, given));
            }
        }
        return "";
    }

    private static List<Object> afterwards(Method method, Object[] given) {
        List<Object> found = new ArrayList<>(Arrays.asList(given));
        if (method.isVarArgs()) {
            Object rest = found.remove(found.size() - 1);
            for (int at = 0; at < java.lang.reflect.Array.getLength(rest); at++) {
                found.add(java.lang.reflect.Array.get(rest, at));
            }
        }
        return found;
    }

    private Object object(Class<?> holder) throws ReflectiveOperationException {
        for (Constructor<?> constructor : holder.getDeclaredConstructors()) {
            if (takes(constructor, made.size())) {
                constructor.setAccessible(true);
                return constructor.newInstance(given(constructor, made));
            }
        }
        throw new CodenookMade.NotHeld(owner + " has no constructor that takes " + made.size() + " arguments");
    }

    private Method method(Class<?> holder) {
        Method found = null;
        for (Method method : holder.getDeclaredMethods()) {
            if (!method.getName().equals(name) || method.isSynthetic()) {
                continue;
            }
            if (types.equals(written(method)) || (found == null && takes(method, arguments.size()))) {
                found = method;
            }
        }
        if (found == null) {
            throw new CodenookMade.NotHeld("no method " + name + " of " + owner
                    + " takes " + arguments.size() + " arguments");
        }
        found.setAccessible(true);
        return found;
    }

    private static String written(Method method) {
        List<String> names = new ArrayList<>();
        for (Class<?> each : method.getParameterTypes()) {
            names.add(each.getSimpleName());
        }
        return String.join(",", names);
    }

    private static boolean takes(Executable executable, int number) {
        int declared = executable.getParameterCount();
        return declared == number || (executable.isVarArgs() && number >= declared - 1);
    }

    private static Object[] given(Executable executable, List<CodenookWire> arguments) {
        Type[] declared = executable.getGenericParameterTypes();
        if (!takes(executable, arguments.size())) {
            throw new CodenookMade.NotHeld(arguments.size() + " arguments for " + declared.length);
        }
        Object[] given = new Object[declared.length];
        int last = declared.length - 1;
        for (int at = 0; at < declared.length; at++) {
            boolean isRest = executable.isVarArgs() && at == last;
            given[at] = isRest
                    ? CodenookMade.of(CodenookWire.list(arguments.subList(last, arguments.size())), declared[at])
                    : CodenookMade.of(arguments.get(at), declared[at]);
        }
        return given;
    }
}
