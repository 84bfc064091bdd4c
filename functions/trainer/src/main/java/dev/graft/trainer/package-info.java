/** The Lambda function that trains a head on its schedule. */
@NullMarked
package dev.graft.trainer;

import org.jspecify.annotations.NullMarked;
