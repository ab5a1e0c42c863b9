import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs test classes of JUnit 5; each line that begins with the word that it is given says what came of a test. */
public class CodenookRun {
    /** The word, the seed of another order (0: none), and the names of classes. */
    public static void main(String[] given) throws Exception {
        String word = given[0];
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (int i = 2; i < given.length; i++) {
            request.selectors(selectClass(given[i]));
        }
        if (!given[1].equals("0")) {
            String random = "org.junit.jupiter.api.MethodOrderer$Random";
            request.configurationParameter("junit.jupiter.testmethod.order.default", random);
            request.configurationParameter("junit.jupiter.execution.order.random.seed", given[1]);
        }
        LauncherFactory.create().execute(request.build(), new TestExecutionListener() {
            @Override
            public void executionSkipped(TestIdentifier test, String reason) {
                say(test, "skipped", reason);
            }

            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
                String message = result.getThrowable().map(Throwable::toString).orElse("");
                say(test, passed ? "passed" : "failed", message);
            }

            private void say(TestIdentifier test, String verdict, String message) {
                MethodSource source = test.getSource()
                    .filter(MethodSource.class::isInstance).map(MethodSource.class::cast).orElse(null);
                if (source != null && test.isTest()) {
                    String name = source.getClassName() + "#" + source.getMethodName();
                    System.out.println("\n" + word + " " + verdict + " " + name + " "
                        + message.replaceAll("\\s+", " "));
                }
            }
        });
        System.out.flush();
        System.exit(0);
    }
}
