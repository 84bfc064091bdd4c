/** The Lambda function behind the HTTP API. */
package dev.graft.classifier;
