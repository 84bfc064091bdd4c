package dev.graft.local;

import dev.graft.lambda.ProcessContext;

/**
 * What a function is told about its call on this machine; its log goes to standard error, but for
 * metrics, which are for CloudWatch.
 */
final class LocalContext extends ProcessContext {
    @Override
    public String getAwsRequestId() {
        return "local";
    }

    @Override
    public String getFunctionName() {
        return "local";
    }

    @Override
    public int getRemainingTimeInMillis() {
        return Integer.MAX_VALUE;
    }

    @Override
    protected void print(String message) {
        if (!message.startsWith("{\"_aws\"")) {
            System.err.print(message);
        }
    }
}
