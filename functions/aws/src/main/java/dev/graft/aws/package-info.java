/** The stores on Amazon S3 and DynamoDB; the only package that sees the AWS SDK. */
@NullMarked
package dev.graft.aws;

import org.jspecify.annotations.NullMarked;
