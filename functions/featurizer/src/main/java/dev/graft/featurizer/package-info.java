/** The Lambda function that turns S3 events into stored features. */
@NullMarked
package dev.graft.featurizer;

import org.jspecify.annotations.NullMarked;
