/** The Lambda function behind the HTTP API. */
@NullMarked
package dev.graft.classifier;

import org.jspecify.annotations.NullMarked;
