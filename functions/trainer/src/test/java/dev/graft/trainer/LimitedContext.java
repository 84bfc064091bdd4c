package dev.graft.trainer;

import dev.graft.lambda.ProcessContext;

/** Of a call that has so many milliseconds left, whenever it is asked. */
final class LimitedContext extends ProcessContext {
    private final int millis;
    private final StringBuilder log;

    LimitedContext(int millis, StringBuilder log) {
        this.millis = millis;
        this.log = log;
    }

    @Override
    public String getAwsRequestId() {
        return "request";
    }

    @Override
    public String getFunctionName() {
        return "trainer";
    }

    @Override
    public int getRemainingTimeInMillis() {
        return millis;
    }

    @Override
    protected void print(String message) {
        log.append(message);
    }
}
