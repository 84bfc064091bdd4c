/** Measurements of the fit, in the package of what they measure, which is not public. */
@NullMarked
package dev.graft.training;

import org.jspecify.annotations.NullMarked;
