/** Measurements of the fit, in the package of what they measure, which is not public. */
package dev.graft.training;
