package dev.graft.classifier;

import dev.graft.lambda.ProcessContext;

/** The context of a call with the request id {@value #REQUEST}, which keeps what is logged. */
final class RecordedContext extends ProcessContext {
    static final String REQUEST = "request-7";

    private final StringBuilder log = new StringBuilder();

    String log() {
        return log.toString();
    }

    @Override
    public String getAwsRequestId() {
        return REQUEST;
    }

    @Override
    public String getFunctionName() {
        return "classifier";
    }

    @Override
    public int getRemainingTimeInMillis() {
        return 1000;
    }

    @Override
    protected void print(String message) {
        log.append(message);
    }
}
