/** The Lambda function that turns S3 events into stored features. */
package dev.graft.featurizer;
