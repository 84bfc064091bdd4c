/** The stores on Amazon S3 and DynamoDB; the only package that sees the AWS SDK. */
package dev.graft.aws;
