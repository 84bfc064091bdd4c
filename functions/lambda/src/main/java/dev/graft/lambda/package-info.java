/** What the functions share on Lambda: environment, structured log and metrics, SnapStart. */
@NullMarked
package dev.graft.lambda;

import org.jspecify.annotations.NullMarked;
