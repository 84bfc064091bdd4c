package dev.graft.benchmarks;

import dev.graft.lambda.ProcessContext;

/** Of a call that a benchmark makes; what is logged goes nowhere, as it does to CloudWatch. */
final class QuietContext extends ProcessContext {
    @Override
    public String getAwsRequestId() {
        return "benchmark";
    }

    @Override
    public String getFunctionName() {
        return "classifier";
    }

    @Override
    public int getRemainingTimeInMillis() {
        return Integer.MAX_VALUE;
    }

    @Override
    protected void print(String message) {
        // nobody reads it
    }
}
