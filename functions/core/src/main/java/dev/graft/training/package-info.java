/** From stored, labelled features to a head: the fit, its validation and what is kept. */
@NullMarked
package dev.graft.training;

import org.jspecify.annotations.NullMarked;
