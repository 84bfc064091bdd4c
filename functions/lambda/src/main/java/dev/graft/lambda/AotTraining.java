package dev.graft.lambda;

/**
 * What a JVM's cache of loaded and linked classes (AOT cache, JEP 514) is recorded from while a
 * container image is built, without stores: a handler starts, and does what it does before a
 * snapshot, see {@link SnapStart}. {@code infra/Dockerfile} runs it.
 */
public final class AotTraining {
    private AotTraining() {}

    /**
     * Ends when all is done; what a store is needed for fails, and loads what it needs until then.
     *
     * @param handler name of a class, one name
     * @throws ReflectiveOperationException if it is no handler as Lambda starts it
     */
    public static void main(String[] handler) throws Exception {
        var started = Class.forName(handler[0]).getDeclaredConstructor().newInstance();
        SnapStart.beforeAll();
        System.out.println("recorded: " + started.getClass().getName());
    }
}
