/**
 * The solver alone: cross-entropy of a linear layer with L2, minimized by preconditioned L-BFGS.
 */
@NullMarked
package dev.graft.fit;

import org.jspecify.annotations.NullMarked;
